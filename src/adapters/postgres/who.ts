/** Who did something that is recorded under an `account_id`: people by their login, machines by the name of their key. */
export const WHO = `coalesce(accounts.login, 'key:' || api_keys.name, '') as login,
  coalesce(accounts.display_name, api_keys.name, '') as display_name`
export const BY_WHOM = `left join accounts on accounts.id = account_id
  left join api_keys on api_keys.id = account_id`

/** The columns of `WHO`. */
export interface WhoRow {
  login: string
  display_name: string
}

export function whoOf({ login, display_name: displayName }: WhoRow): { login: string; displayName: string } {
  return { login, displayName }
}
