/** Something wrong in a content file. */
export interface ContentProblem {
  file: string
  line: number
  /** Where in the file, e.g. `departments.3.duties.0.clause`. */
  path: string
  message: string
}

/** `cities/shenfu/routing.yaml:12 rules.3.lead: no department "x"` */
export function formatProblem(problem: ContentProblem): string {
  const path = problem.path ? ` ${problem.path}` : ''
  return `${problem.file}:${problem.line}${path}: ${problem.message}`
}

/** All problems of the content at once, so that an administrator mends them in one go. */
export class ContentError extends Error {
  override readonly name = 'ContentError'
  readonly problems: readonly ContentProblem[]

  constructor(problems: readonly ContentProblem[]) {
    super(`${problems.length} problem(s) in the content:\n${problems.map(formatProblem).join('\n')}`)
    this.problems = problems
  }
}
