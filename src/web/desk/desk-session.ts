import { computed, ref, shallowRef, watch } from 'vue'
import { keep, recall } from '../shared/keep.ts'
import { currentLocale } from '../shared/texts.ts'
import type { Account, LoginNeed, Reference, Session, Standing } from './desk-api.ts'
import * as api from './desk-api.ts'

const account = shallowRef<Account | null>(null)
const reference = shallowRef<Reference>({ departments: [], subjects: [] })
const standing = ref<Standing | null>(recall<Standing>('desk-standing'))
const isKnown = ref(false)
const isExpired = ref(false)
const need = ref<LoginNeed | null>(null)

/** Roles that an administrator may stand in for. */
export const STANDING_ROLES = ['agent', 'handler', 'arbiter', 'supervisor'] as const

/** Who sits at the desk, and in which role. */
export function useDeskSession() {
  const isAdmin = computed(() => account.value?.role === 'admin')
  return {
    account,
    reference,
    /** False until the server has said whether somebody is logged in. */
    isKnown,
    /** The session ended while the page was open: log in again, nothing typed is lost. */
    isExpired,
    /** What is still asked of whoever logs in. */
    need,
    isAdmin,
    standing,
    /** For the interface: only an administrator stands in. */
    actingAs: computed<Standing | undefined>(() =>
      isAdmin.value && standing.value ? standing.value : undefined,
    ),
    stand(as: Standing | null) {
      standing.value = as
      keep('desk-standing', as)
    },
    async begin() {
      api.whenSessionExpires(() => {
        if (account.value) isExpired.value = true
      })
      // Names of departments and subjects come in the language of the page.
      watch(currentLocale, () => account.value && loadReference())
      const session = await api.whoAmI()
      if (session) await arrive(session)
      isKnown.value = true
    },
    async logIn(login: string, password: string) {
      await arrive(await api.logIn(login, password))
    },
    /** A step of the login is done; the desk opens when nothing more is asked. */
    async goOn() {
      const session = await api.whoAmI()
      if (session) await arrive(session)
      else need.value = null
    },
    async logOut() {
      await api.logOut().catch(() => {})
      account.value = null
      isExpired.value = false
      need.value = null
    },
  }
}

async function arrive(session: Session): Promise<void> {
  need.value = session.need
  if (session.need !== null) return
  account.value = session.account
  isExpired.value = false
  await loadReference()
}

async function loadReference(): Promise<void> {
  try {
    reference.value = await api.loadReference()
  } catch {
    // Forms then ask for ids in writing.
  }
}
