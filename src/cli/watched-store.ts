import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { Store, Transaction } from '../usecases/ports.ts'

/** Called with each case that a transaction writes, as it is then, and with its new events. */
export type Watcher = (current: Case, events: readonly CaseEvent[]) => void

/** The same store; whoever watches learns what any use case changes, also in cases that it was not asked about. */
export function watchedStore(store: Store, watch: Watcher): Store {
  return withMethods(store, {
    transact: work => store.transact(tx => work(watched(tx, watch))),
  })
}

function watched(tx: Transaction, watch: Watcher): Transaction {
  return withMethods(tx, {
    addCase(current, events, filing) {
      tx.addCase(current, events, filing)
      watch(current, events)
    },
    saveCase(current, events, expectedVersion) {
      tx.saveCase(current, events, expectedVersion)
      watch(current, events)
    },
  })
}

/** An object with some methods replaced; the others keep their own `this`, and with it their private fields. */
function withMethods<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(replaced, key)) return replaced[key as keyof T]
      const value = target[key as keyof T]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
