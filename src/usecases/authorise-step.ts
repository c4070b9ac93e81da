import { type ApplicationStep, currentStep } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { type ActOnItem, type Authorised, authorise, whoMay } from '../guidance/authority.ts'
import { type Item, STEP_ACTS } from '../guidance/item.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { amountText, itemName, itemOf, postName, stepName } from './application-words.ts'
import type { Line } from './line.ts'

/** Somebody at the desk with the posts that they hold in their department. */
interface Holder {
  actor: Actor
  posts: readonly string[]
  locale: Locale
}

/**
 * The input of a step or a decision, with the post that has the authority for it and what gives it; the rest is the workflow's.
 * @throws AppError `no-authority` with words: why not, and who may (有权审批、无权不批); `action-not-now` where no step is due
 */
export function withAuthority(
  line: Line,
  current: Case,
  holder: Holder & { action: string; input: unknown },
): unknown {
  const step = currentStep(current)
  if (!step) throw new AppError('action-not-now', { action: holder.action, state: current.state })
  const given = {
    ...((holder.input ?? {}) as object),
    step: (holder.input as { step?: number })?.step ?? step.index,
  }
  // Whoever is no handler is refused by the workflow.
  if (holder.actor.role !== 'handler') return { ...given, post: step.post }
  const found = authorityFor(line, current, step, holder)
  if (!found.isAllowed) throw refuse(line, current, step, found.refused, holder.locale)
  return { ...given, post: found.post, basis: found.basis }
}

/** Could this account do the step that is due? */
export function hasAuthority(line: Line, current: Case, holder: Omit<Holder, 'locale'>): boolean {
  const step = currentStep(current)
  return step !== null && authorityFor(line, current, step, holder).isAllowed
}

/** Posts that may do a step, in words; empty where the authority list has nobody. */
export function whoMayDo(line: Line, current: Case, step: ApplicationStep, locale: Locale): string[] {
  const wanted = wantedOf(line, current, step)
  if (!wanted) return []
  return whoMay(line.content.authority, wanted)
    .filter(({ department }) => department === step.department)
    .map(({ department, post }) =>
      line.content.texts.of(locale, 'authority.post', {
        department: line.names.department(department, locale),
        post: postName(line, post, locale),
      }),
    )
}

type Found =
  | { isAllowed: true; post: string; basis: string }
  | { isAllowed: false; refused: Exclude<Authorised, { isAllowed: true }> }

/** The first of their posts that may; else the refusal that says most. */
function authorityFor(
  line: Line,
  current: Case,
  step: ApplicationStep,
  { actor, posts }: Omit<Holder, 'locale'>,
): Found {
  let refused: Exclude<Authorised, { isAllowed: true }> = { isAllowed: false, because: 'no-grant' }
  const wanted = wantedOf(line, current, step)
  if (!wanted || actor.department !== step.department) return { isAllowed: false, refused }
  for (const post of posts) {
    const found = authorise(line.content.authority, { ...wanted, department: step.department, post })
    if (found.isAllowed) return { isAllowed: true, post, basis: found.grant.basis }
    if (found.because === 'beyond') refused = found
  }
  return { isAllowed: false, refused }
}

/** Null when the item is gone from the content: then nobody has a right to it. */
function wantedOf(
  line: Line,
  { application }: Case,
  { act }: ApplicationStep,
): Omit<ActOnItem, 'department' | 'post'> | null {
  const item: Item | undefined = application ? itemOf(line, application) : undefined
  const known = STEP_ACTS.find(each => each === act)
  return item && known ? { act: known, item, amounts: application!.amounts } : null
}

function refuse(
  line: Line,
  current: Case,
  step: ApplicationStep,
  refused: Exclude<Authorised, { isAllowed: true }>,
  locale: Locale,
): AppError {
  const application = current.application!
  const say = (key: string, params: Record<string, string>) =>
    line.content.texts.of(locale, `authority.${key}`, params)
  const names = {
    item: itemName(line, application, locale),
    step: stepName(line, application, step, locale),
  }
  const who = whoMayDo(line, current, step, locale)
  const amount = (id: string, value: number) => amountText(line, application, id, value, locale)
  return new AppError('no-authority', {
    because:
      refused.because === 'beyond'
        ? say('beyond', {
            ...names,
            upTo: amount(refused.measure, refused.upTo),
            amount: amount(refused.measure, application.amounts[refused.measure] ?? Number.NaN),
          })
        : say('no-grant', names),
    who: who.length > 0 ? say('who', { who: who.join(say('between', {})) }) : say('nobody', {}),
  })
}
