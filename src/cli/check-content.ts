import { readContent } from '../adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../content/content-problem.ts'
import { loadContent } from '../content/load-content.ts'
import { readArguments } from './read-arguments.ts'

const USAGE = `Usage: check:content [--city cities/other]

Lists every problem of the content, as file:line path: message. Exit code 1: there is one.`

/** `npm run check:content`: see USAGE. */
const { values } = readArguments(USAGE, {
  options: { city: { type: 'string', default: process.env.CITY ?? 'cities/shenfu' } },
})
const files = await readContent(process.cwd(), values.city)
try {
  const content = loadContent(files, values.city)
  const { tops, leaves } = content.subjects
  console.log(
    `${values.city}: ${files.length} files; ${tops.length} / ${tops.flatMap(top => top.children).length} / ${leaves.length} subjects with ` +
      `${leaves.reduce((sum, leaf) => sum + leaf.examples.length, 0)} examples, ${content.departments.size} departments, ` +
      `${content.articles.length} articles, ${content.items.length} items, ${content.flows.size} dialogs`,
  )
} catch (error) {
  if (!(error instanceof ContentError)) throw error
  for (const problem of error.problems) console.error(formatProblem(problem))
  console.error(`${error.problems.length} problem(s)`)
  process.exitCode = 1
}
