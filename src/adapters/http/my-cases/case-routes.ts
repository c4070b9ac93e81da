import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isAppError } from '../../../kernel/errors.ts'
import type { CaseKey, Holder } from '../../../usecases/my-cases.ts'
import { errorBody } from '../error-handler.ts'
import { againstGuessing, plainCode } from '../query-codes.ts'
import { keyBody, listAnswer, listBody, wholeCase } from './my-case-schemas.ts'
import { holderOf, localeOf, type MyCasesParts, tags } from './my-cases-parts.ts'

type Found = Awaited<ReturnType<MyCasesParts['list']>>[number]

const refused = { '4xx': errorBody }

/** Looking at one's own cases. POST, so that no address and no log holds a number or a code. */
export function addCaseRoutes(app: FastifyInstance, parts: MyCasesParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.post(
    '/list',
    {
      schema: {
        tags,
        summary: 'All cases that the browser can open, newest first',
        body: listBody,
        response: { 200: listAnswer, ...refused },
      },
    },
    async request => {
      const holder = await holderOf(request, parts)
      const byHolder = await parts.list(holder, localeOf(request))
      const byCode = await Promise.all(request.body.codes.map(each => byOneCode(request, parts, each)))
      const all = [...byHolder, ...byCode.filter(each => each !== null)]
      const rows = new Map(all.map(row => [row.card.number, row]))
      return {
        rows: [...rows.values()].toSorted((a, b) => b.filedAt.localeCompare(a.filedAt)),
        unknown: request.body.codes.filter((_, i) => byCode[i] === null).map(({ number }) => number),
      }
    },
  )

  typed.post(
    '/show',
    {
      schema: {
        tags,
        summary: 'One case with its stages, its course and what may be done with it',
        body: keyBody,
        response: { 200: wholeCase, ...refused },
      },
    },
    async request => {
      const holder = await holderOf(request, parts)
      const key = plainKey(request.body)
      const found = await guarded(request, parts, key, () => parts.show(key, holder, localeOf(request)))
      const addressed = (name: string) => ({ name, href: parts.fileAddress(name) })
      const history = found.history.map(entry => ({ ...entry, files: entry.files.map(addressed) }))
      return { ...found, history }
    },
  )

  typed.post(
    '/certificate',
    {
      schema: {
        tags,
        summary: 'The certificate or notice of an application that has ended, as PDF',
        body: keyBody,
        response: { 200: z.unknown().meta({ description: 'PDF' }), ...refused },
      },
    },
    async (request, reply) => {
      const holder = await holderOf(request, parts)
      const key = plainKey(request.body)
      const base = parts.publicUrl ?? `${request.protocol}://${request.host}`
      const options = { locale: localeOf(request), base }
      const file = await guarded(request, parts, key, () => parts.certificate(key, holder, options))
      return reply
        .header('content-disposition', `inline; filename="${key.number}.pdf"`)
        .type('application/pdf')
        .send(Buffer.from(file))
    },
  )
}

/** Null when the code opens nothing: what a device remembers may be out of date. */
async function byOneCode(
  request: FastifyRequest,
  parts: MyCasesParts,
  written: { number: string; queryCode: string },
): Promise<Found | null> {
  const nobody: Holder = { proof: null, account: null }
  const key = plainCode(written)
  try {
    const { card, filedAt, changedAt, isOver, waitsForYou } = await guarded(request, parts, key, () =>
      parts.show(key, nobody, localeOf(request)),
    )
    return { card, filedAt, changedAt, isOver, waitsForYou, by: 'code' }
  } catch (error) {
    if (isAppError(error, 'query-code-wrong', 'case-not-found', 'case-number-invalid')) return null
    throw error
  }
}

/** Number and code as they are stored. */
export function plainKey({ number, queryCode }: CaseKey): CaseKey {
  const plain = plainCode({ number, queryCode: queryCode ?? '' })
  return { number: plain.number, queryCode: queryCode === null ? null : plain.queryCode }
}

/** Numbers and codes that open nothing are counted, whichever of them is tried. */
export function guarded<T>(
  request: FastifyRequest,
  { limiter }: Pick<MyCasesParts, 'limiter'>,
  key: CaseKey,
  look: () => Promise<T>,
): Promise<T> {
  return againstGuessing(limiter, key.number, request.ip, look)
}
