import type { Answers } from '../guidance/condition.ts'
import type { GuideView } from '../guidance/told-guide.ts'
import type { Locale } from '../language/understanding.ts'
import { viewGuide } from './guide-view.ts'
import type { Line } from './line.ts'
import type { DocumentPrinter, PrintedBlock } from './printed-document.ts'

/** Where a checklist is read again. The code stands behind `#`, where it reaches no server and no log. */
export function guideAddress(base: string, { id, code }: Pick<GuideView, 'id' | 'code'>): string {
  return `${base.replace(/\/$/, '')}/guide/${id}#${code}`
}

/** Where an item is applied for, the situation already told by the checklist's code. */
export function applyAddress(base: string, { id, code }: Pick<GuideView, 'id' | 'code'>): string {
  return `${base.replace(/\/$/, '')}/apply/${id}#${code}`
}

/**
 * A person's checklist on paper, with a QR code that leads back to it.
 * @param base address under which people reach the line
 * @throws AppError `guide-not-found`
 */
export async function printGuide(
  line: Line,
  wanted: { id: string; answers: Answers; locale: Locale; base: string },
  printer: DocumentPrinter,
): Promise<Uint8Array> {
  const { locale } = wanted
  const view = viewGuide(line, wanted.id, wanted.answers, locale)
  const say = (key: string, params: Record<string, string> = {}) =>
    line.content.texts.of(locale, `guide.print.${key}`, params)
  const madeAt = line.clock.now()
  const { city } = line.content
  const date = madeAt.toLocaleDateString(locale, { timeZone: city.timeZone, dateStyle: 'long' })
  const footer = say('footer', { line: line.names.line(locale), date })
  return printer.print({
    language: locale,
    title: view.name,
    author: line.names.line(locale),
    size: 'A4',
    footer: city.sample ? `${footer}　${say('sample')}` : footer,
    madeAt,
    blocks: [
      {
        is: 'title',
        above: line.names.text({ zh: city.name, en: city.en }, locale),
        text: view.name,
        below: say('title'),
      },
      ...bodyOf(view, say),
      {
        is: 'code',
        content: guideAddress(wanted.base, view),
        lines: [say('scan'), say('code', { code: view.code }), say('call', { phone: city.line.phone })],
      },
    ],
  })
}

type Say = (key: string, params?: Record<string, string>) => string

function bodyOf(view: GuideView, say: Say): PrintedBlock[] {
  const heading = (key: string): PrintedBlock => ({ is: 'heading', text: say(key) })
  const stop: PrintedBlock[] = view.stop
    ? [
        { is: 'paragraph', text: view.stop.text },
        ...(view.stop.see ? [{ is: 'paragraph' as const, text: `→ ${view.stop.see.name}` }] : []),
      ]
    : []
  const answered: PrintedBlock[] =
    view.answered.length > 0
      ? [
          heading('answers'),
          { is: 'table', rows: view.answered.map(({ ask, choice }) => [ask, choice]), widths: [3, 2] },
        ]
      : []
  if (view.stop) return [...answered, ...stop]
  return [
    ...answered,
    heading('documents'),
    ...(view.documents.length > 0
      ? [
          {
            is: 'checklist' as const,
            items: view.documents.map(each => ({ text: each.name, notes: notesOf(each) })),
          },
        ]
      : [{ is: 'paragraph' as const, text: say('none') }]),
    ...(view.gained.length > 0
      ? [{ is: 'paragraph' as const, text: say('gained', { names: view.gained.join('、') }), isSmall: true }]
      : []),
    heading(view.is === 'bundle' ? 'items' : 'steps'),
    {
      is: 'table',
      head: [say('step'), say('notes')],
      rows: view.steps.map(({ name, notes }, i) => [`${i + 1}. ${name}`, notes.join('\n')]),
      widths: [2, 3],
    },
    { is: 'table', rows: view.facts.map(({ name, value }) => [name, value]), widths: [1, 4], hasNames: true },
    ...(view.advice.length > 0
      ? [
          heading('advice'),
          ...view.advice.map((text): PrintedBlock => ({ is: 'paragraph', text: `· ${text}` })),
        ]
      : []),
  ]
}

function notesOf({ notes, exempt }: GuideView['documents'][number]): string[] {
  return exempt ? [...notes, `（${exempt}）`] : notes
}
