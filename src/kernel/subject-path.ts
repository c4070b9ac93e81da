/** Does the prefix name this subject (`top/second/third`) or one of its ancestors? Unknown subjects are under nothing. */
export function isUnderSubject(subject: string | null, prefix: string): boolean {
  return subject !== null && (subject === prefix || subject.startsWith(`${prefix}/`))
}
