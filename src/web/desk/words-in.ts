/** Does a text hold every word, in whatever order? Nothing asked for is held by everything. */
export function holdsAllWords(text: string, words: string): boolean {
  const plain = plainOf(text)
  return plainOf(words)
    .split(/\s+/)
    .every(word => plain.includes(word))
}

const plainOf = (text: string) => text.normalize('NFKC').toLowerCase().trim()
