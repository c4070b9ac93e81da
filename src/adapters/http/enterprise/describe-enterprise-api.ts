import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Texts } from '../error-handler.ts'
import { ENTERPRISE_PREFIX, enterpriseApi } from './enterprise-api.ts'
import type { EnterpriseParts } from './enterprise-parts.ts'
import type { ApiDocument } from './json-schema.ts'

/** The description of the enterprise API in English, for what is made from it; nothing is served, and no line is there. */
export async function describeEnterpriseApi(texts: Texts, base: string): Promise<ApiDocument> {
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  // Describing asks for nothing else.
  await enterpriseApi(app, { texts, publicUrl: base } as EnterpriseParts)
  const answer = await app.inject({
    url: `${ENTERPRISE_PREFIX}/v1/openapi.json`,
    headers: { 'accept-language': 'en' },
  })
  await app.close()
  return answer.json()
}
