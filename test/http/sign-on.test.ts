import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOpenIdIssuer } from '../../src/adapters/oidc/openid-issuer.ts'
import { MINUTE } from '../../src/kernel/clock.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const CLIENT = { id: 'yihao', secret: 'a secret of tests' }
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

/** A small issuer: whoever comes is the person that the test says. */
class Issuer {
  claims: Record<string, unknown> = {}
  key = privateKey
  isDown = false
  readonly tokenRequests: URLSearchParams[] = []
  #nonce = ''
  #server!: Server
  url = ''

  async start(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      if (this.isDown) return request.socket.destroy()
      let body = ''
      for await (const chunk of request) body += chunk
      const answer = this.#answer(new URL(request.url!, this.url).pathname, body)
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? {}))
    })
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** Logs somebody in who was sent to this address. @returns where their browser goes then */
  authorize(address: string): string {
    const { searchParams } = new URL(address)
    this.#nonce = searchParams.get('nonce')!
    const back = new URL(searchParams.get('redirect_uri')!)
    back.searchParams.set('code', 'code-of-the-issuer')
    back.searchParams.set('state', searchParams.get('state')!)
    back.searchParams.set('session_state', 'of-the-issuer')
    return back.href
  }

  #answer(path: string, body: string): object | null {
    if (path === '/.well-known/openid-configuration')
      return {
        issuer: this.url,
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        jwks_uri: `${this.url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }
    if (path === '/keys')
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] }
    if (path !== '/token') return null
    this.tokenRequests.push(new URLSearchParams(body))
    return { access_token: 'a', token_type: 'bearer', id_token: this.#idToken() }
  }

  #idToken(): string {
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: this.url, aud: CLIENT.id, sub: 's1', iat: now, exp: now + 60, nonce: this.#nonce }
    const parts = [
      { alg: 'RS256', kid: 'k1' },
      { ...own, ...this.claims },
    ]
    const signed = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.key, 'base64url')}`
  }
}

describe('login by a house that knows its people', () => {
  const lines = useTestLine()
  const house = new Issuer()
  let desk: Desk
  let running: WiredDesk
  let browser: StaffBrowser

  beforeAll(async () => {
    await house.start()
    desk = lines.fresh()
    const { accounts } = desk.line.store
    const settings = { issuer: house.url, clientId: CLIENT.id, clientSecret: CLIENT.secret }
    running = await startWiredDesk(desk.line, undefined, {
      staff: accounts,
      factorRoles: ['admin'],
      issuer: createOpenIdIssuer({ ...settings, claim: 'preferred_username' }, quietLogger),
    })
    const li = { displayName: '李伟', role: 'admin', department: null } as const
    await accounts.add({ login: 'li.wei', ...li }, 'a password')
    const gone = await accounts.add({ login: 'gone', ...li }, 'a password')
    const at = desk.line.clock.now()
    const entry = { id: 'e1', at, by: 'li.wei', change: 'disabled', details: {} } as const
    await accounts.change(gone.id, { disabledAt: at }, entry)
  })
  beforeEach(() => {
    house.claims = { preferred_username: 'Li.Wei' }
    house.key = privateKey
    browser = new StaffBrowser(running.url)
  })
  afterAll(async () => {
    await running.stop()
    house.stop()
  })

  const begin = () => browser.follow('/api/desk/sign-on/begin')
  /** To the issuer and back. @returns where the browser ends */
  const signOn = async () => browser.follow(house.authorize(await begin()))

  test('opens the account of that login; a password, and a second factor of ours, are not asked', async () => {
    expect((await browser.get('/sign-on')).json).toEqual({ isOn: true })
    const address = new URL(await begin())
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT.id,
      scope: 'openid profile',
      code_challenge_method: 'S256',
      redirect_uri: `${running.url}/api/desk/sign-on/callback`,
    })
    expect(await browser.follow(house.authorize(address.href))).toBe('/desk')
    expect((await browser.reload()).json).toMatchObject({ account: { login: 'li.wei' }, need: null })
    expect((await browser.get('/accounts')).status).toBe(200)
    expect(house.tokenRequests.at(-1)!.get('code_verifier')).toMatch(/^[\w~.-]{43,}$/)
  })

  test.each([
    ['whom the desk does not know', { preferred_username: 'wang' }, 'sign-on-unknown'],
    ['whose name the issuer does not tell', { preferred_username: undefined }, 'sign-on-unknown'],
    ['whose account is disabled', { preferred_username: 'gone' }, 'account-disabled'],
    ['with a token for another client', { aud: 'another' }, 'sign-on-refused'],
    ['with a token of another issuer', { iss: 'http://127.0.0.1:1' }, 'sign-on-refused'],
    ['with a token of another login', { nonce: 'another' }, 'sign-on-refused'],
    ['with a token that is over', { exp: 1, iat: 0 }, 'sign-on-refused'],
  ])('keeps out somebody %s', async (_, claims, code) => {
    house.claims = { ...house.claims, ...claims }
    expect(await signOn()).toBe(`/desk#/login/${code}`)
    expect((await browser.get('/me')).status).toBe(401)
  })

  test('keeps out whoever signed the token themselves', async () => {
    house.key = stranger
    expect(await signOn()).toBe('/desk#/login/sign-on-refused')
  })

  test('an answer opens once, in the browser that asked, as long as it is fresh', async () => {
    const answer = house.authorize(await begin())
    const other = new StaffBrowser(running.url)
    expect(await other.follow(answer)).toBe('/desk#/login/sign-on-refused')
    expect(await browser.follow(answer)).toBe('/desk')
    expect(await browser.follow(answer)).toBe('/desk#/login/sign-on-refused')
    const forged = new URL(house.authorize(await begin()))
    forged.searchParams.set('state', 'guessed')
    expect(await browser.follow(forged.href)).toBe('/desk#/login/sign-on-refused')
    const late = house.authorize(await begin())
    desk.line.clock.advance(11 * MINUTE)
    expect(await browser.follow(late)).toBe('/desk#/login/sign-on-refused')
  })

  test('whoever gave up at the issuer is told to try again', async () => {
    const back = new URL(house.authorize(await begin()))
    back.searchParams.delete('code')
    back.searchParams.set('error', 'access_denied')
    expect(await browser.follow(back.href)).toBe('/desk#/login/sign-on-refused')
  })

  test('an issuer that is away is told, and asked again the next time', async () => {
    const answer = house.authorize(await begin())
    house.isDown = true
    expect(await browser.follow(answer)).toBe('/desk#/login/sign-on-away')
    const settings = { issuer: house.url, clientId: CLIENT.id, clientSecret: CLIENT.secret }
    const fresh = createOpenIdIssuer({ ...settings, claim: 'preferred_username' }, quietLogger)
    await expect(fresh.begin('http://127.0.0.1/x')).rejects.toMatchObject({ code: 'sign-on-away' })
    house.isDown = false
    expect((await fresh.begin('http://127.0.0.1/x')).address).toContain(house.url)
  })

  test('an address is a login only when the issuer has verified it', async () => {
    const settings = { issuer: house.url, clientId: CLIENT.id, clientSecret: CLIENT.secret }
    const byMail = createOpenIdIssuer({ ...settings, claim: 'email' }, quietLogger)
    const finish = async (claims: object) => {
      house.claims = { ...claims }
      const { address, trial } = await byMail.begin('http://127.0.0.1/x')
      return byMail.finish(new URL(house.authorize(address)), trial)
    }
    const email = 'li@example.cn'
    expect(await finish({ email, email_verified: true })).toBe(email)
    for (const unsure of [{ email }, { email, email_verified: false }, { email, email_verified: 'true' }])
      await expect(finish(unsure)).rejects.toMatchObject({ code: 'sign-on-unknown' })
  })

  test('whoever begins again and again and never finishes is held up, and whoever finishes is not', async () => {
    const strict = await startWiredDesk(desk.line, undefined, {
      staff: desk.line.store.accounts,
      issuer: createOpenIdIssuer(
        { issuer: house.url, clientId: CLIENT.id, clientSecret: CLIENT.secret, claim: 'preferred_username' },
        quietLogger,
      ),
      rules: { 'login-by-address': { max: 2, seconds: 300 } },
    })
    const visitor = new StaffBrowser(strict.url)
    const knock = () => visitor.follow('/api/desk/sign-on/begin')
    for (let i = 0; i < 3; i++) expect(await visitor.follow(house.authorize(await knock()))).toBe('/desk')
    await knock()
    await knock()
    expect(await knock()).toBe('/desk#/login/rate-limited')
    await strict.stop()
  })

  test('without an issuer there is none to go to', async () => {
    const alone = await startWiredDesk(desk.line, undefined, { staff: desk.line.store.accounts })
    const visitor = new StaffBrowser(alone.url)
    expect((await visitor.get('/sign-on')).json).toEqual({ isOn: false })
    expect((await visitor.get('/sign-on/begin')).status).toBe(404)
    await alone.stop()
  })
})
