/** Lines of a file around one of them. */
export type Excerpt = { line: number; text: string; isMarked: boolean }[]

const AROUND = 3
const LONGEST_LINE = 240

/** The line, counted from 1, and three before and after it; nothing of an empty text. */
export function excerptOf(text: string, marked: number): Excerpt {
  if (text === '') return []
  const lines = text.split(/\r?\n/)
  const first = Math.max(1, marked - AROUND)
  return lines.slice(first - 1, marked + AROUND).map((line, i) => ({
    line: first + i,
    text: line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line,
    isMarked: first + i === marked,
  }))
}
