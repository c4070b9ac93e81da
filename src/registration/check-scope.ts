import type { Draft } from './facts.ts'
import { look, type Problem, stop } from './problem.ts'
import type { Registry, ScopeEntry } from './rules.ts'

/** The entries of a draft that there are, in its order. */
export function entriesOf({ scope }: Pick<Draft, 'scope'>, registry: Pick<Registry, 'scope'>): ScopeEntry[] {
  return scope.flatMap(id => registry.scope.find(entry => entry.id === id) ?? [])
}

/** The scope as it stands on the licence: what may be done at once, then what needs a permit, then the note on permits. */
export function scopeText(draft: Draft, registry: Registry): string {
  const entries = entriesOf(draft, registry)
  if (entries.length === 0) return ''
  const names = (isPermitted: boolean) =>
    entries.filter(({ permit }) => (permit !== 'none') === isPermitted).map(({ name }) => name)
  const [free, permitted] = [names(false), names(true)]
  const parts = [
    permitted.length > 0 ? `许可项目：${permitted.join('；')}。` : '',
    free.length > 0 ? `${permitted.length > 0 ? '一般项目：' : ''}${free.join('；')}。` : '',
  ]
  return `${parts.join('')}${permitted.length > 0 ? registry.scopeNote : ''}`
}

/** Standard entries only, each once; whatever needs a permit before registration has its number. */
export function checkScope(draft: Draft, registry: Registry): Problem[] {
  if (draft.scope.length === 0) return [stop('scope', 'scope-missing')]
  const unknown = draft.scope.filter(id => !registry.scope.some(entry => entry.id === id))
  const twice = new Set(draft.scope).size < draft.scope.length
  return [
    ...(unknown.length > 0 ? [stop('scope', 'scope-unknown', { entry: unknown.join('、') })] : []),
    ...(twice ? [stop('scope', 'scope-twice')] : []),
    ...entriesOf(draft, registry).flatMap(entry => checkPermit(draft, entry)),
  ]
}

function checkPermit({ permits }: Draft, { id, name, permit, permitName = '' }: ScopeEntry): Problem[] {
  if (permit === 'after') return [look('scope', 'permit-after', { entry: name, permit: permitName })]
  if (permit === 'none' || permits[id]) return []
  return [stop(`permits.${id}`, 'permit-first', { entry: name, permit: permitName })]
}

/** Entries that everyday words may mean, the best first: their names and words are looked for in what was said. */
export function findEntries(said: string, registry: Pick<Registry, 'scope'>): ScopeEntry[] {
  const text = said.trim()
  if (text === '') return []
  return registry.scope
    .map(entry => ({ entry, score: scoreOf(text, entry) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => entry)
}

/** Length of the longest word that one holds of the other: `奶茶店` is nearer than `店`. */
function scoreOf(text: string, { name, words }: ScopeEntry): number {
  const hits = [name, ...words].filter(
    word => text.includes(word) || (text.length > 1 && word.includes(text)),
  )
  return Math.max(0, ...hits.map(word => word.length))
}
