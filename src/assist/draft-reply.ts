/** What a draft stands on. */
export interface ReplySource {
  is: 'knowledge' | 'case'
  id: string
  title: string
  /** What it says. */
  text: string
  basis: string | null
}

export interface DraftReply {
  text: string
  sources: Omit<ReplySource, 'text'>[]
}

/** Lines of an article that are read out at most; who wants all of it opens it. */
const MOST_LINES = 6

/**
 * What could be answered on the phone: what the knowledge says, else what was answered to the same question before. Null where
 * neither is there: nothing is ever made up.
 * @param say words around a source, in the language of whoever asks: `assist.reply.knowledge`, `assist.reply.case`
 */
export function draftReply(
  sources: readonly ReplySource[],
  say: (source: ReplySource, text: string) => string,
): DraftReply | null {
  const source = sources.find(({ is }) => is === 'knowledge') ?? sources[0]
  if (!source) return null
  const lines = source.text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const { text: _text, ...named } = source
  return { text: say(source, lines.slice(0, MOST_LINES).join('\n')), sources: [named] }
}
