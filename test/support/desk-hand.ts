import type { Browser, Page } from 'playwright-core'
import type { RunningLine } from './running-line.ts'

/** The administrator at the desk of a running line, with the page's own session for requests. */
export interface DeskHand {
  page: Page
  /** Posts below `/api/desk`. @throws with the refusal's text */
  post(path: string, body: object): Promise<unknown>
  /** Does it with a case as a handler of the department would, as the case stands. */
  act(number: string, action: string, input: object, department: string): Promise<void>
}

/** Signs in. */
export async function openDeskHand(browser: Browser, line: RunningLine): Promise<DeskHand> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${line.url}/desk`)
  const { login, password } = await line.administrator()
  await page.locator('#desk-login').fill(login)
  await page.locator('#desk-password').fill(password)
  await page.locator('#desk-password').press('Enter')
  await page.locator('.list').waitFor()
  const post: DeskHand['post'] = (path, body) =>
    page.evaluate(
      async ([to, what]) => {
        const { csrfToken } = (await (await fetch('/api/desk/me')).json()) as { csrfToken: string }
        const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken }
        const answer = await fetch(`/api/desk${to}`, { method: 'POST', headers, body: JSON.stringify(what) })
        if (!answer.ok) throw new Error(await answer.text())
        return answer.json()
      },
      [path, body] as const,
    )
  return {
    page,
    post,
    async act(number, action, input, department) {
      const search = { search: number, sort: 'newest', limit: 5 }
      const { rows } = (await post('/cases/search', search)) as { rows: { id: string; version: number }[] }
      const { id, version: expectedVersion } = rows[0]!
      await post(`/cases/${id}/actions`, {
        action,
        input,
        expectedVersion,
        as: { role: 'handler', department },
      })
    },
  }
}
