/** Letters of actions: on the open case, or on all that are chosen. */
export const ACTION_KEYS: Readonly<Record<string, string>> = {
  s: 'sign',
  r: 'reply',
  w: 'ask-resident',
  e: 'request-extension',
  b: 'return',
  c: 'add-co-handler',
  n: 'note',
  d: 'finish-part',
}

/** The action that a key means, when it is offered. */
export function keyOfAction(key: string, offered: readonly string[]): string | null {
  const action = ACTION_KEYS[key]
  return action !== undefined && offered.includes(action) ? action : null
}

/** Does a key belong to somebody who writes, to a dialog, or to the browser? */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  const isDialogOpen = document.querySelector('.el-overlay:not([style*="none"])') !== null
  const isField = target.matches(
    'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]',
  )
  return event.ctrlKey || event.metaKey || event.altKey || isDialogOpen || isField
}

/** The letter of an action, if it has one. */
export function keyOf(action: string): string | undefined {
  return Object.keys(ACTION_KEYS).find(key => ACTION_KEYS[key] === action)
}

/** Whoever came by a key goes on by keys: into the first field of the form that has opened. */
export function focusForm(): void {
  const fields =
    '.form textarea, .form input:not([type=file], [type=checkbox], .phrases *), .form [type=submit]'
  requestAnimationFrame(() => document.querySelector<HTMLElement>(fields)?.focus())
}
