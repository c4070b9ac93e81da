import type { SaidPlace, Understanding } from '../language/understanding.ts'
import type { ArbitrationContext, Decision } from './decision.ts'
import { placeAnswer } from './elements.ts'
import type { SentPlace } from './message.ts'
import { type ConversationState, topFrame } from './state.ts'

/**
 * A location that somebody sent, as what it is: a place and nothing else, whatever its label sounds like. A grill called "着火烧烤" is
 * no fire, and a label that the city's places do not know is no matter.
 */
export function heardAsPlace(said: Understanding, { at }: SentPlace): Understanding {
  const text = said.text.trim()
  const known = said.places.find(place => place.street) ?? said.places[0]
  const place: SaidPlace = { ...known, ...(at ? { at } : {}), text, start: 0, end: said.text.length }
  const { locale, normalised } = said
  const none = { label: null, confidence: 0, candidates: [], evidence: [] }
  const span = { start: 0, end: said.text.length }
  return {
    text: said.text,
    normalised,
    locale,
    isBlank: false,
    isSentPlace: true,
    intent: none,
    matters: [{ words: said.text, span, subject: none, requestType: none, places: [place], times: [] }],
    dangers: [],
    phones: [],
    places: [place],
    times: [],
    references: [],
  }
}

/**
 * What a sent location is to the conversation: the answer where a place is asked for, more about a case where that is asked for or an
 * emergency was just filed, else the place of the matter that is being filed or comes next; never a matter.
 */
export function sentPlace(
  state: ConversationState,
  said: Understanding,
  { question }: Pick<ArbitrationContext, 'question'>,
): Decision {
  const asked = question?.step
  if (asked?.accepts === 'place') return { do: 'answer', answer: { is: 'filled', slots: placeAnswer(said) } }
  if (asked?.ask === 'information')
    return { do: 'answer', answer: { is: 'filled', slots: { information: said.text.trim() } } }
  return topFrame(state)?.done['emergency.file'] === undefined
    ? { do: 'note-place' }
    : { do: 'begin', flow: 'add-information', text: null }
}
