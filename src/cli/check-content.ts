import { parseArgs } from 'node:util'
import { readContent } from '../adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../content/content-problem.ts'
import { loadContent } from '../content/load-content.ts'

/** `npm run check:content [-- --city cities/other]`: lists every problem of the content and exits 1 when there is one. */
const { values } = parseArgs({
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
