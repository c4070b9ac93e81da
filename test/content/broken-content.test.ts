import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../../src/content/content-problem.ts'
import { loadContent } from '../../src/content/load-content.ts'
import type { ContentFile } from '../../src/content/yaml-file.ts'

const root = join(import.meta.dirname, '../..')
const CITY = 'cities/shenfu'
const files = await readContent(root, CITY)

/** One way to break each kind of file: what is replaced by what, and what must be said of it. */
const BREAKS: { file: string; find: RegExp; put: string; says: RegExp }[] = [
  {
    file: 'locales/en.yaml',
    find: /^channel\.wechat-kf: .*\n/m,
    put: '',
    says: / the text "channel\.wechat-kf" is missing$/,
  },
  { file: `${CITY}/city.yaml`, find: /^timeZone: .*/m, put: 'timeZone: Europe/Berlin', says: / timeZone: / },
  {
    file: `${CITY}/departments.yaml`,
    find: /kind: bureau/,
    put: 'kind: office',
    says: / departments\.0\.kind: /,
  },
  {
    file: 'intents/request-types.yaml',
    find: /id: praise/,
    put: 'id: applause',
    says: / types\.\d+\.id: there is no request type applause: /,
  },
  {
    file: `${CITY}/hall.yaml`,
    find: /place: hall-medical/,
    put: 'place: nowhere',
    says: / windows\.2\.place: no place "nowhere" in the catalogue$/,
  },
  {
    file: `${CITY}/hall.yaml`,
    find: /floor: second/,
    put: 'floor: cellar',
    says: / windows\.6\.floor: no floor "cellar"$/,
  },
  {
    file: `${CITY}/routing.yaml`,
    find: /^dutyDesk: .*/m,
    put: 'dutyDesk: nobody',
    says: / dutyDesk: no department "nobody"$/,
  },
  {
    file: `${CITY}/service-levels.yaml`,
    find: /limit: 15min/,
    put: 'limit: soon',
    says: / profiles\.0\.clocks\.\w+\.limit: /,
  },
  {
    file: `${CITY}/calendar.yaml`,
    find: /date: 2024-01-01/,
    put: 'date: 2024-13-01',
    says: / years\.2024\.holidays\.0\.date: /,
  },
  {
    file: `${CITY}/notifications.yaml`,
    find: /from: "22:00"/,
    put: 'from: "25:00"',
    says: / quiet\.from: /,
  },
  {
    file: `${CITY}/sms.yaml`,
    find: /templates: \{\}/,
    put: 'templates: { sms.signed: { code: SMS_1, params: {} } }',
    says: / templates\.sms\.signed: no rule sends "sms\.signed" by SMS/,
  },
  {
    file: `${CITY}/places.yaml`,
    find: /department: lishi-street/,
    put: 'department: nowhere',
    says: / streets\.0\.department: no such department$/,
  },
  {
    file: `${CITY}/knowledge/heating-season.yaml`,
    find: /^id: .*/m,
    put: 'id: heating',
    says: / id: id "heating" must be the file's name$/,
  },
  {
    file: `${CITY}/items/certificates.yaml`,
    find: /kind: confirmation/,
    put: 'kind: wish',
    says: / items\.0\.kind: /,
  },
  {
    file: `${CITY}/catalogue.yaml`,
    find: /- self-employed-registration/,
    put: '- flying-licence',
    says: / popular\.0: no item "flying-licence"$/,
  },
  {
    file: `${CITY}/documents.yaml`,
    find: /source: applicant/,
    put: 'source: neighbour',
    says: / documents\.\d+\.source: /,
  },
  {
    file: `${CITY}/authority.yaml`,
    find: /post: clerk/,
    put: 'post: clark',
    says: / grants\.0\.post: no post "clark"$/,
  },
  {
    file: `${CITY}/bundles/open-shop.yaml`,
    find: /^id: open-shop/m,
    put: 'id: shop',
    says: / id: id "shop" must be the file's name$/,
  },
  {
    file: 'intents/catalog/check-case.yaml',
    find: /^flow: .*/m,
    put: 'flow: look-around',
    says: / flow: no dialog "look-around"$/,
  },
  {
    file: 'intents/subjects/economy.yaml',
    find: /^about: .*/m,
    put: 'abuot: x',
    says: /: Unrecognized key: "abuot"$/,
  },
  {
    file: 'intents/request-types.yaml',
    find: /name: 咨询/,
    put: 'name: 1',
    says: / types\.0\.name: /,
  },
  { file: 'intents/lexicon.yaml', find: /^words:/m, put: 'wordz:', says: /: Unrecognized key: "wordz"$/ },
  {
    file: 'intents/emergency.yaml',
    find: /service: fire/,
    put: 'service: 119',
    says: / kinds\.0\.service: /,
  },
  {
    file: 'intents/elements.yaml',
    find: /- environment\/noise\/square-dance/,
    put: '- environment/noise/square',
    says: / shared\.place\.3: no subject "environment\/noise\/square"$/,
  },
  {
    file: 'intents/elements.yaml',
    find: /subject: \[labour-security\]/,
    put: 'subject: [labour]',
    says: / rules\.2\.when\.subject\.0: no subject "labour"$/,
  },
  {
    file: 'cities/shenfu/supervision.yaml',
    find: /returned: 2/,
    put: 'returned: 2, dissatisfied: 2',
    says: / rules\.\d+\.when: needs exactly one of overdue, returned, dissatisfied, repeated, people$/,
  },
  { file: 'dialogs/file-matter.yaml', find: /accepts: matter/, put: 'accepts: anything', says: / steps\.0/ },
  { file: 'dialogs/parts/find-case.yaml', find: /do: find-case/, put: 'dos: find-case', says: / steps\.0/ },
  {
    file: 'dialogs/repair/greeting.yaml',
    find: /intents: \[greeting\]/,
    put: 'intents: [hello]',
    says: / intents\.0: no intent "hello"$/,
  },
  {
    file: 'locales/en.yaml',
    find: /^repair\.greeting: .*\n/m,
    put: '',
    says: /: the text "repair\.greeting" is missing$/,
  },
]

const breakOne = (text: string, { find, put }: (typeof BREAKS)[number]) => text.replace(find, put)

function problemsOf(changed: readonly ContentFile[]): string[] {
  try {
    loadContent(changed, CITY)
    return []
  } catch (error) {
    if (error instanceof ContentError) return error.problems.map(formatProblem)
    throw error
  }
}

/** The content with the given breaks. */
function broken(breaks: typeof BREAKS): ContentFile[] {
  return files.map(file => {
    const own = breaks.filter(each => each.file === file.path)
    return own.length > 0 ? { path: file.path, text: own.reduce(breakOne, file.text) } : file
  })
}

describe('a mistake in the content', () => {
  it.each(BREAKS)('in $file is told with file, line and place', each => {
    const before = files.find(({ path }) => path === each.file)!.text
    expect(before, 'the test must find what it breaks').toMatch(each.find)
    const line = before.slice(0, each.find.exec(before)!.index).split('\n').length
    const problems = problemsOf(broken([each]))
    const own = problems.filter(problem => problem.startsWith(`${each.file}:`) && each.says.test(problem))
    expect(own, problems.slice(0, 5).join('\n')).not.toEqual([])
    // An unknown key is told at the map that has it, a missing text at the top of its file.
    if (!/Unrecognized|missing|steps/.test(own[0]!)) expect(own[0]).toContain(`${each.file}:${line} `)
  })

  it('that is no YAML at all is told with its line', () => {
    const changed = files.map(file =>
      file.path === `${CITY}/routing.yaml` ? { ...file, text: 'dutyDesk: x\nrules: [\n' } : file,
    )
    expect(problemsOf(changed).join('\n')).toMatch(/^cities\/shenfu\/routing\.yaml:[23]: /m)
  })

  it('never hides another one: all are told at once', () => {
    const ofShape = BREAKS.filter(({ says }) => !/no |must be|is missing/.test(says.source))
    const problems = problemsOf(broken(ofShape))
    for (const { file } of ofShape) expect(problems.join('\n')).toContain(`${file}:`)
    const ofReference = BREAKS.filter(each => !ofShape.includes(each))
    const others = problemsOf(broken(ofReference)).join('\n')
    for (const { file } of ofReference) expect(others).toContain(`${file}:`)
  })

  it('is told about a file that is not there', () => {
    const without = files.filter(({ path }) => path !== `${CITY}/places.yaml`)
    expect(problemsOf(without)).toContain(`${CITY}/places.yaml:1: this file is missing`)
  })
})

describe('a start with a broken city', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yihao-city-'))
    await cp(join(root, CITY), join(folder, 'city'), { recursive: true })
    for (const name of ['city.yaml', 'departments.yaml', 'service-levels.yaml']) {
      const path = join(folder, 'city', name)
      const change = BREAKS.find(({ file }) => file === `${CITY}/${name}`)!
      await writeFile(path, breakOne(await readFile(path, 'utf8'), change))
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const run = async (program: string, environment: Record<string, string>) => {
    const child = spawn(process.execPath, [join(root, program)], {
      cwd: root,
      env: { ...process.env, ...environment },
      timeout: 50_000,
    })
    let said = ''
    child.stderr.on('data', piece => {
      said += piece
    })
    child.stdout.on('data', piece => {
      said += piece
    })
    const [code] = await once(child, 'exit')
    return { code, said }
  }

  it('lists every problem, touches nothing and ends with 1 before it listens', async () => {
    const city = relative(root, join(folder, 'city'))
    const dataDir = join(folder, 'data')
    const { code, said } = await run('src/main.ts', { CITY: city, DATA_DIR: dataDir, PORT: '0' })
    for (const name of ['city.yaml', 'departments.yaml', 'service-levels.yaml'])
      expect(said).toMatch(new RegExp(`^${city}/${name}:\\d+ \\S+: .+$`, 'm'))
    expect(said).toMatch(/^\d+ problem\(s\) in the content/m)
    expect(said).not.toContain('the line answers')
    expect(code).toBe(1)
    await expect(stat(dataDir)).rejects.toThrow('ENOENT')
  }, 60_000)

  it('is told by the content check, too', async () => {
    const city = relative(root, join(folder, 'city'))
    const { code, said } = await run('src/cli/check-content.ts', { CITY: city })
    expect(said).toMatch(/city\.yaml:\d+ timeZone: /)
    expect(said).toMatch(/departments\.yaml:\d+ departments\.0\.kind: /)
    expect(code).toBe(1)
  }, 60_000)
})
