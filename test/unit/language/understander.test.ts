import { beforeAll, describe, expect, it } from 'vitest'
import { parseModel, serialiseModel } from '../../../src/language/model.ts'
import { createReader } from '../../../src/language/reader.ts'
import {
  emergencySchema,
  intentFileSchema,
  lexiconSchema,
  outcomesSchema,
  placesSchema,
  requestTypesSchema,
  subjectFileSchema,
} from '../../../src/language/schemas.ts'
import { buildSubjectTree } from '../../../src/language/subject-tree.ts'
import { trainShipped } from '../../../src/language/train-shipped.ts'
import { createUnderstander, type Understander } from '../../../src/language/understander.ts'

const leaf = (id: string, words: string[], examples: string[]) => ({ id, name: id, en: id, words, examples })
const file = (id: string, classes: object[]) =>
  subjectFileSchema.parse({ id, name: id, en: id, about: id, classes })

const content = {
  subjects: buildSubjectTree([
    file('housing', [
      {
        id: 'utilities',
        name: '水电气热',
        en: 'Utilities',
        classes: [
          leaf('heating', ['暖气', '供暖'], ['我家暖气不热', '供暖温度太低', '暖气片冰凉', '屋里冷暖气不行']),
          leaf('water', ['停水', '自来水'], ['家里停水了', '自来水发黄', '水管爆了没水', '停水三天没人修']),
        ],
      },
    ]),
    file('transport', [
      {
        id: 'bus',
        name: '公交',
        en: 'Buses',
        classes: [
          leaf(
            'driver',
            ['司机', '公交'],
            ['公交司机态度恶劣', '司机甩站', '公交车司机骂人', '司机不让老人上车'],
          ),
          leaf(
            'route',
            ['线路', '站点'],
            ['希望增加公交线路', '公交站点太远', '这趟公交线路取消了', '末班车太早'],
          ),
        ],
      },
    ]),
  ]),
  intents: [
    { id: 'affirm', name: '是', en: 'Yes', flow: null, examples: ['对', '是的', '嗯呐'], english: ['yes'] },
    {
      id: 'check-case',
      name: '查',
      en: 'Check',
      flow: 'check-case',
      examples: ['我反映的事咋样了', '查进度', '我的工单到哪了'],
    },
    {
      id: 'file-matter',
      name: '反映',
      en: 'File',
      flow: 'file-matter',
      examples: ['我要投诉', '我想反映个事'],
    },
  ].map(intent => intentFileSchema.parse(intent)),
  requestTypes: requestTypesSchema.parse({
    types: [
      { id: 'complaint', name: '投诉', en: 'Complaint', examples: ['投诉司机骂人', '物业不管事太气人'] },
      { id: 'consultation', name: '咨询', en: 'Question', examples: ['请问供暖怎么收费', '请问怎么办理'] },
    ],
  }),
  lexicon: lexiconSchema.parse({ dialect: { 咋样: '怎么样' } }),
  emergency: emergencySchema.parse({
    not: ['不是着火'],
    ask: ['违法吗'],
    kinds: [
      {
        id: 'fire',
        name: '火',
        en: 'Fire',
        service: 'fire',
        cues: ['着火了'],
        english: ['fire'],
        not: ['(去年|演练).{0,6}着火'],
        ask: ['没人修'],
      },
    ],
  }),
  outcomes: outcomesSchema.parse({ resolved: ['修好了'], unresolved: ['没修好'] }),
  places: placesSchema.parse({ streets: [] }),
}
const now = new Date('2026-11-24T02:30:00Z')

describe('the understander, on a small line of its own', () => {
  let line: Understander
  let bytes: Uint8Array
  beforeAll(() => {
    const read = createReader(content.lexicon)
    bytes = serialiseModel(trainShipped(content, read))
    const model = parseModel(Buffer.from(bytes))
    line = createUnderstander({ ...content, read, model: model! })
  })
  const understand = (text: string) => line.understand(text, { now })

  it.each([
    ['暖气一点都不热', 'housing/utilities/heating'],
    ['樓裡停水了', 'housing/utilities/water'],
    ['公交司机骂我', 'transport/bus/driver'],
  ])('%s is about %s', (text, subject) => {
    const { matters } = understand(text)
    expect(matters).toHaveLength(1)
    expect(matters[0]!.subject.candidates[0]?.label).toBe(subject)
    expect(matters[0]!.subject.evidence.length).toBeGreaterThan(0)
  })

  it.each([
    ['对', 'affirm'],
    ['對！', 'affirm'],
    ['嗯呐。', 'affirm'],
    ['Yes', 'affirm'],
    ['查进度', 'check-case'],
    ['我反映的事怎么样了', 'check-case'],
  ])('%s means %s', (text, intent) => {
    expect(understand(text).intent.label).toBe(intent)
  })

  it('what nobody taught it is not guessed at', () => {
    const { matters } = understand('zzqx')
    expect(matters[0]!.subject.label).toBeNull()
  })

  it.each([
    ['我家着火了快来', ['fire']],
    ['我家著火了', ['fire']],
    ['there is a Fire here', ['fire']],
    ['去年着火了', []],
    ['I want to fired him', []],
    ['不是着火，是烧烤', []],
    ['着火了没人修', ['fire?']],
    ['着火了，这样违法吗', ['fire?']],
    ['着火了没人修的事，是说前面那栋楼的电闸一直坏着谁都不来，现在我们这栋楼上已经着火了', ['fire']],
  ])('%s: danger %j', (text, kinds) => {
    const found = understand(text).dangers.map(({ kind, isSensed }) => (isSensed ? `${kind}?` : kind))
    expect(found).toEqual(kinds)
  })

  it('quotes the danger in the caller’s own characters', () => {
    expect(understand('我家著火了').dangers[0]!.cue).toBe('著火了')
  })

  it('the same content gives the same model to the byte', () => {
    const read = createReader(content.lexicon)
    expect(Buffer.compare(bytes, serialiseModel(trainShipped(content, read)))).toBe(0)
  })

  it.each([0, 3, 11, 40, 400])('a model file cut to %i bytes is refused, not half read', length => {
    expect(parseModel(bytes.subarray(0, length))).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['emoji', '😀😀😀'],
    ['lone surrogates', '\ud800\udc00\ud800'],
    ['right-to-left', 'مرحبا بالعالم'],
    ['HTML', '<script>alert(1)</script>'],
    ['100 kB of one character', '坏'.repeat(34_000)],
    ['100 kB of digits', '1'.repeat(100_000)],
    ['100 kB of spaces', ' '.repeat(100_000)],
    ['100 kB of numerals', '一'.repeat(34_000)],
    ['100 kB of letters', 'a'.repeat(100_000)],
    ['100 kB of commas', '坏,'.repeat(30_000)],
    ['100 kB of marks', 'e\u0301'.repeat(50_000)],
    ['100 kB of roads', '路3号'.repeat(11_000)],
  ])('survives %s, within two seconds of work', (_, text) => {
    const before = process.cpuUsage()
    const { matters } = understand(text)
    expect(matters.length).toBeGreaterThan(0)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
  })
})
