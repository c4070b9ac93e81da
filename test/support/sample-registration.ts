import { crc32, deflateSync } from 'node:zlib'
import { type Draft, draftSchema } from '../../src/registration/facts.ts'

/** Made-up people; their numbers have the right check characters. */
export const FOUNDER = '21040219900307211X'
export const SPOUSE = '210402199205121223'

/** Two people found a teahouse: what they say, as the page sends it. `changes` go over it. */
export function sampleDraft(changes: Partial<Draft> = {}): Draft {
  const person = (id: string, name: string, idNumber: string) => ({
    id,
    name,
    idNumber,
    address: '辽宁省抚顺市新抚区样例街1号',
    validUntil: '2036-05-01',
    phone: id === 'p1' ? '13900001234' : '',
  })
  return draftSchema.parse({
    people: [person('p1', '赵一满', FOUNDER), person('p2', '钱二月', SPOUSE)],
    tradeName: '小满时',
    industry: '餐饮管理',
    scope: ['catering', 'packed-food'],
    capitalFen: 100_000_000,
    shares: [
      { person: 'p1', fen: 70_000_000, by: '2030-12-31' },
      { person: 'p2', fen: 30_000_000, by: '2030-12-31' },
    ],
    roles: {
      legalRepresentative: 'p1',
      director: 'p1',
      manager: 'p1',
      supervisor: 'p2',
      finance: 'p1',
      contact: 'p1',
    },
    address: { street: 'lishi', detail: '人民路3号1层101室', right: 'rented' },
    ...changes,
  })
}

/** A PNG with one stroke from corner to corner, in base64: what a drawn signature is. */
export function strokePng(width = 120, height = 48): string {
  const row = (y: number) =>
    Buffer.from([
      0,
      ...Array.from({ length: width }, (_, x) => (Math.abs(x * height - y * width) < width ? 0 : 255)),
    ])
  const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => row(y)))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]).toString('base64')
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
