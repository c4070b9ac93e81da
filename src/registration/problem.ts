/** One thing that is not right, at the field where it can be put right. The text for people is `registration.<code>`. */
export interface Problem {
  /** Path in the draft: `people.p1.idNumber`, `shares`, `roles.supervisor`. */
  field: string
  code: string
  params: Record<string, string>
  /** `stop`: nothing can be handed in; `look`: it can, but the registry may ask. */
  weight: 'stop' | 'look'
}

/** Something that has to be put right first. */
export const stop = (field: string, code: string, params: Record<string, string> = {}): Problem => ({
  field,
  code,
  params,
  weight: 'stop',
})

/** Something to look at. */
export const look = (field: string, code: string, params: Record<string, string> = {}): Problem => ({
  ...stop(field, code, params),
  weight: 'look',
})
