import { EnterpriseClient, ProblemError } from './yihao-enterprise.ts'

/**
 * Files a matter, follows it, urges it and takes it back:
 * `YIHAO_URL=https://12345.example.cn YIHAO_KEY=yk_… node examples/enterprise-client/follow-a-case.ts`
 */
const { YIHAO_URL: baseUrl = 'http://localhost:8890', YIHAO_KEY: key = '' } = process.env
const yihao = new EnterpriseClient({ baseUrl, key })
const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  // The id in your own system: sent again after a lost answer, it is the same case.
  const externalId = process.argv[2] ?? 'PO-2026-0117'
  const { case: filed, danger } = await yihao.fileCase({
    externalId,
    words: '厂门口人民路3号的路灯不亮了，晚班工人看不清路',
    place: '人民路3号',
    contact: { name: '王工' },
  })
  if (danger) say(danger)
  say(`${filed.number} ${filed.status}`)

  const { rows } = await yihao.listCases({ state: 'dispatched,handling', limit: 5 })
  for (const each of rows) say(`${each.number} ${each.externalId ?? ''} ${each.stage.name}`)

  const found = await yihao.getCaseByExternalId(externalId)
  if (found.actions.includes('urge')) say((await yihao.urgeCase(found.number)).history.at(-1)!.text)
  if (found.actions.includes('withdraw')) say((await yihao.withdrawCase(found.number)).state)
} catch (error) {
  if (!(error instanceof ProblemError)) throw error
  const { status, code, detail, errors = [] } = error.problem
  say([`${status} ${code} ${detail}`, ...errors.map(each => `  ${each.field}: ${each.detail}`)].join('\n'))
  process.exitCode = 1
}
