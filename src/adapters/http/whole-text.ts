import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by the server on the routes of channels: these clean what people say, and a message is not lost for a broken emoji. */
    cleansText?: boolean
  }
}

/** Most problems that one refusal names. */
const MOST = 20

interface Problem {
  path: string
  message: string
}

/** What is wrong with a part of a request, and which part it is, in OpenAPI's words. */
export interface RequestProblem extends Problem {
  in: 'path' | 'query' | 'body'
}

/**
 * Refuses what no database text holds, NUL or half a character, anywhere in parameters, query and JSON body, in keys as well
 * as in values: once for all routes, before their schemas look.
 */
export function refuseBrokenText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ routeOptions, params, query, body }) => {
    if (routeOptions.config.cleansText) return
    const broken = (part: RequestProblem['in'], root: unknown): RequestProblem[] =>
      brokenTexts(root).map(problem => ({ in: part, ...problem }))
    const problems = [...broken('path', params), ...broken('query', query), ...broken('body', body)].slice(
      0,
      MOST,
    )
    if (problems.length > 0) throw new AppError('body-invalid', { problems })
  })
}

/** Where the texts within a value are broken, as JSON pointers. Not by recursion: people send nesting as deep as the body is long. */
export function brokenTexts(root: unknown): Problem[] {
  const problems: Problem[] = []
  const open: { path: string; value: unknown }[] = [{ path: '', value: root }]
  for (let next = open.pop(); next !== undefined && problems.length < MOST; next = open.pop()) {
    const { path, value } = next
    if (typeof value === 'string') {
      if (isBroken(value)) problems.push({ path, message: 'NUL or half a character in the text' })
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const [key, each] of Object.entries(value)) {
        const below = `${path}/${readable(key)}`
        if (isBroken(key)) problems.push({ path: below, message: 'NUL or half a character in the name' })
        else open.push({ path: below, value: each })
      }
    }
  }
  return problems
}

function isBroken(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed()
}

/** A name as it can be shown: whole, and not as long as somebody liked. */
function readable(key: string): string {
  return key.toWellFormed().replaceAll('\0', '\ufffd').slice(0, 60)
}
