import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { EnterpriseAction } from '../../../usecases/enterprise-cases.ts'
import { answerOnce } from '../kept-answers.ts'
import { callerOf, type EnterpriseParts, type EnterpriseRoutes, localeOf, tags } from './enterprise-parts.ts'
import * as schemas from './enterprise-schemas.ts'

const READ = { enterpriseScope: 'cases:read' } as const
const WRITE = { enterpriseScope: 'cases:write' } as const

/** Filing and following the enterprise's own cases. */
export const caseRoutes: EnterpriseRoutes = (scope, parts) => {
  const app = scope.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/cases',
    {
      config: WRITE,
      schema: {
        tags,
        operationId: 'fileCase',
        summary: 'File a matter',
        body: schemas.caseBody,
        response: { 201: schemas.filedCase, 200: schemas.filedCase },
      },
    },
    async (request, reply) => {
      const locale = localeOf(request)
      const submission = schemas.toSubmission(request.body)
      const present = ({ case: filed, danger }: Awaited<ReturnType<typeof parts.file>>) => ({
        case: schemas.presentWhole(filed),
        danger,
      })
      return answerOnce(request, parts.answers, async keep => {
        const filed = await parts.file(callerOf(request), submission, {
          locale,
          keep: (tx, answer) => keep(tx, present(answer)),
        })
        if (filed.isNew)
          reply.code(201).header('location', `${request.url.split('?')[0]}/${filed.case.number}`)
        return present(filed)
      })
    },
  )

  app.get(
    '/cases',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'listCases',
        summary: 'Your cases, newest first',
        querystring: schemas.caseQuery,
        response: { 200: schemas.casePage },
      },
    },
    async request => {
      const query = schemas.toQuery(request.query)
      const { rows, nextCursor } = await parts.list(callerOf(request), query, localeOf(request))
      return { rows: rows.map(schemas.presentRow), nextCursor }
    },
  )

  app.get(
    '/cases/:number',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'getCase',
        summary: 'One case by its number',
        params: schemas.byNumber,
        response: { 200: schemas.wholeCase },
      },
    },
    async request => {
      const number = plainNumber(request.params.number)
      return schemas.presentWhole(await parts.show(callerOf(request), { number }, localeOf(request)))
    },
  )

  app.get(
    '/cases/by-external-id/:externalId',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'getCaseByExternalId',
        summary: 'One case by your own id',
        params: schemas.byExternalId,
        response: { 200: schemas.wholeCase },
      },
    },
    async request => {
      const { externalId } = request.params
      return schemas.presentWhole(await parts.show(callerOf(request), { externalId }, localeOf(request)))
    },
  )

  app.get(
    '/subjects',
    {
      config: READ,
      schema: {
        tags,
        operationId: 'listSubjects',
        summary: 'Subjects under which a matter may be filed',
        response: { 200: schemas.subjectList },
      },
    },
    async request => ({ rows: parts.subjects(localeOf(request)) }),
  )

  addActions(app, parts)
}

type WholeCase = ReturnType<typeof schemas.presentWhole>

/** Numbers are written in groups. */
function plainNumber(number: string): string {
  return number.replace(/[\s-]/g, '')
}

function addActions(scope: Parameters<EnterpriseRoutes>[0], parts: EnterpriseParts): void {
  const app = scope.withTypeProvider<ZodTypeProvider>()
  const act = (request: FastifyRequest, number: string, action: EnterpriseAction) =>
    answerOnce<WholeCase>(request, parts.answers, async keep => {
      const wanted = { ...action, number: plainNumber(number) }
      const shown = await parts.act(callerOf(request), wanted, {
        locale: localeOf(request),
        keep: (tx, answer) => keep(tx, schemas.presentWhole(answer)),
      })
      return schemas.presentWhole(shown)
    })
  const bodiless = { body: schemas.noBody }
  const common = { tags, params: schemas.byNumber, response: { 200: schemas.wholeCase } }

  app.post(
    '/cases/:number/information',
    {
      config: WRITE,
      schema: {
        ...common,
        operationId: 'addInformation',
        summary: 'Add information, or answer what was asked',
        body: schemas.informationBody,
      },
    },
    request => act(request, request.params.number, { do: 'add-information', text: request.body.text }),
  )
  app.post(
    '/cases/:number/urge',
    { config: WRITE, schema: { ...common, ...bodiless, operationId: 'urgeCase', summary: 'Urge it' } },
    request => act(request, request.params.number, { do: 'urge' }),
  )
  app.post(
    '/cases/:number/withdrawal',
    {
      config: WRITE,
      schema: { ...common, ...bodiless, operationId: 'withdrawCase', summary: 'Take it back' },
    },
    request => act(request, request.params.number, { do: 'withdraw' }),
  )
  app.post(
    '/cases/:number/follow-up',
    {
      config: WRITE,
      schema: {
        ...common,
        operationId: 'followUpCase',
        summary: 'Say how it went: solved or not',
        body: schemas.followUpBody,
      },
    },
    request => act(request, request.params.number, { do: 'follow-up', answers: request.body }),
  )
}
