import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError } from '../../../kernel/errors.ts'
import { isSame } from '../../../kernel/same-secret.ts'
import type { CaseKey, MyAction } from '../../../usecases/my-cases.ts'
import { errorBody } from '../error-handler.ts'
import { addKeptAnswers, answerOnce } from '../kept-answers.ts'
import { guarded, plainKey } from './case-routes.ts'
import { type ActionBody, actionBody, filesAnswer } from './my-case-schemas.ts'
import { holderOf, type MyCasesParts, tags } from './my-cases-parts.ts'

const refused = { '4xx': errorBody }

/** What people do with their cases, each once however often it is sent (`Idempotency-Key`). */
export function addActionRoutes(app: FastifyInstance, parts: MyCasesParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  // The body, with whatever opens the case, is part of what makes a request the same.
  const account = async ({ body }: FastifyRequest) => ({
    id: `my-case:${(body as Partial<ActionBody> | undefined)?.number ?? ''}`,
  })
  addKeptAnswers(app, { ...parts, account })

  typed.post(
    '/act',
    {
      schema: {
        tags,
        summary: 'Add something, urge, withdraw, say how it went, or join others',
        headers: z.object({ 'idempotency-key': z.string() }).loose(),
        body: actionBody,
        response: { 200: z.object({ number: z.string() }), ...refused },
      },
    },
    async request => {
      await parts.limiter.take('turn-by-address', request.ip)
      const key = plainKey(request.body)
      const action = actionOf(request.body, key, parts)
      const holder = await holderOf(request, parts)
      const answer = { number: key.number }
      return answerOnce<{ number: string }>(request, parts.answers, async keep => {
        await guarded(request, parts, key, () => parts.act(key, holder, action, keep))
        return answer
      })
    },
  )

  typed.post(
    '/files',
    {
      config: { repeats: 'none' },
      schema: {
        tags,
        summary: 'Files to add to a case (multipart: number, queryCode, then the files)',
        consumes: ['multipart/form-data'],
        response: { 200: filesAnswer, ...refused },
      },
    },
    async request => {
      await parts.limiter.take('turn-by-address', request.ip)
      const { key, files } = await readFiles(request, parts)
      const names = await Promise.all(files.map(parts.saveFile))
      return { files: names.map(name => ({ name, ticket: parts.signFile(key.number, name) })) }
    },
  )
}

/** Nothing is read into memory for whoever cannot open the case: its name comes before the files. */
async function readFiles(
  request: FastifyRequest,
  parts: MyCasesParts,
): Promise<{ key: CaseKey; files: Uint8Array[] }> {
  if (!request.isMultipart()) throw new AppError('upload-refused', { because: 'no-file' })
  const fields: Record<string, string> = {}
  const files: Uint8Array[] = []
  let key: CaseKey | null = null
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = String(part.value)
      else {
        key ??= await checkedKey(request, parts, fields)
        files.push(await part.toBuffer())
      }
    }
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw new AppError('upload-refused', { because: 'too-large' })
    if (code?.startsWith('FST_')) throw new AppError('upload-refused', { because: 'too-many' })
    throw cause
  }
  if (!key) throw new AppError('upload-refused', { because: 'no-file' })
  return { key, files }
}

async function checkedKey(
  request: FastifyRequest,
  parts: MyCasesParts,
  { number = '', queryCode }: Record<string, string>,
): Promise<CaseKey> {
  const key = plainKey({ number: number.slice(0, 40), queryCode: queryCode?.slice(0, 40) ?? null })
  const holder = await holderOf(request, parts)
  await guarded(request, parts, key, () => parts.check(key, holder))
  return key
}

/** @throws AppError `action-invalid` for a file that was not sent for this case */
function actionOf({ action }: ActionBody, { number }: CaseKey, parts: MyCasesParts): MyAction {
  if (action.do !== 'add-information') return action
  const { files, text } = action
  if (!files.every(({ name, ticket }) => isSame(ticket, parts.signFile(number, name))))
    throw new AppError('action-invalid', { action: action.do, issues: ['files: not sent for this case'] })
  return { do: action.do, text, attachments: files.map(({ name }) => name) }
}
