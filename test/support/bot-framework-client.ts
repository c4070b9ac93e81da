import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import nock from 'nock'
import { BotFrameworkPerson } from './bot-framework-person.ts'
import { fetchPost, type Post } from './post.ts'

/** An app as the tests know it. */
const APP_ID = '00000000-1111-2222-3333-444444444444'
export const BOT_SETTINGS = { BOT_APP_ID: APP_ID, BOT_APP_PASSWORD: 'the-password-of-the-app' }
/** Service addresses as the channels name them. */
export const WEBCHAT = 'https://webchat.botframework.com/'
export const TEAMS = 'https://smba.trafficmanager.net/emea/'

const KEY_ID = 'key-of-tests'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const another = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ENDORSED = ['webchat', 'msteams', 'telegram', 'sms', 'directline']

/** The Bot Framework's metadata and keys, and Microsoft's tokens for the app; for as long as nock is not cleaned. */
export function answerAsBotFramework(): void {
  const { n, e } = publicKey.export({ format: 'jwk' })
  nock('https://login.botframework.com')
    .persist()
    .get('/v1/.well-known/openidconfiguration')
    .reply(200, {
      issuer: 'https://api.botframework.com',
      jwks_uri: 'https://login.botframework.com/v1/.well-known/keys',
    })
    .get('/v1/.well-known/keys')
    .reply(200, { keys: [{ kty: 'RSA', use: 'sig', kid: KEY_ID, n, e, endorsements: ENDORSED }] })
  nock('https://login.microsoftonline.com')
    .persist()
    .post('/botframework.com/oauth2/v2.0/token')
    .query(true)
    .reply(200, () => ({ token_type: 'Bearer', expires_in: 86_399, access_token: `of-the-app-${tokens++}` }))
}
let tokens = 1

/** A token of the connector, signed with the published key; claims may be false, and so may the key. */
export function connectorToken(claims: Record<string, unknown> = {}, { isForged = false } = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const header = { alg: 'RS256', typ: 'JWT', kid: KEY_ID }
  const body = {
    serviceurl: WEBCHAT,
    nbf: now - 60,
    exp: now + 3600,
    iss: 'https://api.botframework.com',
    aud: APP_ID,
    ...claims,
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(body)}`
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(isForged ? another.privateKey : privateKey)
  return `${signed}.${signature.toString('base64url')}`
}

interface Sent {
  text: string
  suggestedActions?: { actions: { title: string; value: string }[] }
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
  attachments?: { contentType: string; content: any }[]
}

/** A person on a channel, as the connector speaks for them. */
export class BotFrameworkClient extends BotFrameworkPerson {
  readonly #post: Post

  constructor(url: string, channelId = 'webchat', serviceUrl = WEBCHAT) {
    super(channelId, serviceUrl)
    this.#post = fetchPost(url)
  }

  async post(
    body: unknown,
    token: string | null = connectorToken({ serviceurl: this.serviceUrl }),
  ): Promise<{ status: number; body: string }> {
    const { status, text } = await this.#post('/api/messages', {
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status, body: text }
  }

  /** Says it and waits for the answer in the response. */
  async ask(fields: Record<string, unknown>): Promise<Sent[]> {
    const { status, body } = await this.post(this.activity({ deliveryMode: 'expectReplies', ...fields }))
    if (status !== 200) throw new Error(`answered with ${status}: ${body}`)
    return (JSON.parse(body) as { activities: Sent[] }).activities
  }

  say(text: string): Promise<Sent[]> {
    return this.ask({ text })
  }

  /** What the connector is sent for this person, each answered as told. */
  takeReplies(...statuses: readonly (number | [number, Record<string, string>])[]): {
    texts: string[]
    tokens: string[]
  } {
    const taken = { texts: [] as string[], tokens: [] as string[] }
    const path = new URL(this.serviceUrl).pathname
    const conversation = encodeURIComponent(this.conversationId)
    for (const each of statuses) {
      const [status, headers] = typeof each === 'number' ? [each, {}] : each
      nock(new URL(this.serviceUrl).origin)
        .post(uri => uri.startsWith(`${path}v3/conversations/${conversation}/activities`))
        .reply(
          status,
          async (request: Request) => {
            const { text } = (await request.json()) as Sent
            if (status < 300) taken.texts.push(text)
            taken.tokens.push(String(request.headers.get('authorization')))
            return { id: randomUUID() }
          },
          headers,
        )
    }
    return taken
  }
}
