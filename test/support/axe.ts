import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What makes a page hard or impossible to use for somebody, as axe names it. */
export interface Barrier {
  rule: string
  impact: 'serious' | 'critical'
  help: string
  /** Where: selectors, each with what axe measured there. */
  at: string[]
}

export interface AxeOptions {
  /** The part to look at; the whole page without it. */
  within?: string
  /** Selectors of what is not ours to mend. */
  without?: readonly string[]
  /** Rules beyond the default set, e.g. `color-contrast-enhanced` (WCAG AAA). */
  rules?: readonly string[]
}

/**
 * Runs axe on the page as it stands: every violation of level serious or worse, empty when there is none. What moves is
 * put to its end first, as a half-faded text has no contrast. Use: `expect(await findBarriers(page)).toEqual([])`.
 */
export async function findBarriers(page: Page, options: AxeOptions = {}): Promise<Barrier[]> {
  // The page's strict policy stays as it is: the browser itself evaluates these words.
  await page.evaluate(`${axe.source};
    for (const moving of document.getAnimations()) {
      if (moving.effect?.getComputedTiming().endTime !== Infinity) moving.finish()
    }`)
  const context = { include: [options.within ?? 'html'], exclude: options.without ?? [] }
  const settings = {
    resultTypes: ['violations'],
    rules: Object.fromEntries((options.rules ?? []).map(rule => [rule, { enabled: true }])),
  }
  const { violations } = await page.evaluate<Pick<axe.AxeResults, 'violations'>>(
    `axe.run(${JSON.stringify(context)}, ${JSON.stringify(settings)})`,
  )
  return violations.flatMap(({ id, impact, help, nodes }) =>
    impact === 'serious' || impact === 'critical'
      ? [
          {
            rule: id,
            impact,
            help,
            at: nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`),
          },
        ]
      : [],
  )
}
