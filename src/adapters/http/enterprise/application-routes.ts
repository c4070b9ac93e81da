import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { answerOnce } from '../kept-answers.ts'
import * as schemas from './application-schemas.ts'
import { callerOf, type EnterpriseRoutes, localeOf, tags } from './enterprise-parts.ts'
import { byNumber } from './enterprise-schemas.ts'

const READ = { enterpriseScope: 'cases:read' } as const
const WRITE = { enterpriseScope: 'cases:write' } as const
/** Ten megabytes in base64, and what is around it. */
const FILE_LIMIT = 14 * 1024 * 1024

/** Applying for items with documents, and where the enterprise's own applications stand. */
export const applicationRoutes: EnterpriseRoutes = (scope, parts) => {
  const app = scope.withTypeProvider<ZodTypeProvider>()
  const { applications } = parts

  app.post(
    '/files',
    {
      config: { ...WRITE, repeats: 'anew' },
      bodyLimit: FILE_LIMIT,
      schema: {
        tags,
        operationId: 'keepFile',
        summary: 'Keep a document for an application',
        body: schemas.fileBody,
        response: { 200: schemas.keptFile },
      },
    },
    async request => ({ file: await applications.saveFile(Buffer.from(request.body.content, 'base64')) }),
  )

  app.post(
    '/applications',
    {
      config: WRITE,
      schema: {
        tags,
        operationId: 'applyForItem',
        summary: 'Apply for an item',
        body: schemas.applicationBody,
        response: { 200: schemas.application },
      },
    },
    request =>
      answerOnce(request, parts.answers, async keep =>
        schemas.presentApplication(
          await applications.apply(callerOf(request), request.body, {
            locale: localeOf(request),
            keep: (tx, answer) => keep(tx, schemas.presentApplication(answer)),
          }),
        ),
      ),
  )

  app.get(
    '/applications',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'listApplications',
        summary: 'Your applications, newest first',
        querystring: schemas.applicationQuery,
        response: { 200: schemas.applicationPage },
      },
    },
    async request => {
      const { limit, cursor = null } = request.query
      const page = await applications.list(callerOf(request), { limit, cursor }, localeOf(request))
      return { rows: page.rows.map(schemas.presentApplication), nextCursor: page.nextCursor }
    },
  )

  app.get(
    '/applications/:number',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'getApplication',
        summary: 'One application by its number',
        params: byNumber,
        response: { 200: schemas.application },
      },
    },
    async request => {
      const number = request.params.number.replace(/[\s-]/g, '')
      return schemas.presentApplication(
        await applications.show(callerOf(request), { number }, localeOf(request)),
      )
    },
  )
}
