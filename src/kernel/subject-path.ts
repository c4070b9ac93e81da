/** Does the prefix name this subject (`top/second/third`) or one of its ancestors? Unknown subjects are under nothing. */
export function isUnderSubject(subject: string | null, prefix: string): boolean {
  return subject !== null && (subject === prefix || subject.startsWith(`${prefix}/`))
}

/** Two subjects of the same class down to the second level. */
export function areNearSubjects(one: string, other: string): boolean {
  const group = (id: string) => id.split('/').slice(0, 2).join('/')
  return group(one) === group(other)
}
