import { describe, expect, it } from 'vitest'
import { type Phrase, phrasesFor } from '../../../src/assist/phrases.ts'

const phrase = (id: string, narrow: Partial<Phrase> = {}): Phrase => ({ id, zh: id, en: id, ...narrow })
const all = [
  phrase('any'),
  phrase('asked', { types: ['consultation'] }),
  phrase('light', { subjects: ['urban/light'] }),
]
const idsFor = (matter: { subject: string | null; type: string }) =>
  phrasesFor(all, matter).map(({ id }) => id)

describe('the phrases of a matter', () => {
  it('are those made for it first, and never those for another', () => {
    expect(idsFor({ subject: 'urban/light/street', type: 'help' })).toEqual(['light', 'any'])
    expect(idsFor({ subject: 'urban/lighting', type: 'consultation' })).toEqual(['asked', 'any'])
    expect(idsFor({ subject: null, type: 'help' })).toEqual(['any'])
  })
})
