import type { ClassifierBank } from './classifier-bank.ts'
import type { View } from './features.ts'
import { Vocabulary } from './vocabulary.ts'

/** All that was learned: a bank of classifiers for each view of a text, and the content they were learned from. */
export interface Model {
  /** Of the content and the code's feature version; a cached model of another hash is stale. */
  contentHash: string
  banks: Partial<Record<View, ClassifierBank>>
}

/** Raised whenever features or the file change, so that older files are refused. */
export const MODEL_VERSION = 10

const MAGIC = 0x4f414859 // "YHAO"
const PREFIX = 12

interface Header {
  contentHash: string
  banks: (Pick<ClassifierBank, 'view' | 'classifiers'> & {
    documents: number
    features: number
    isEmphasised: boolean
    columns: number
    weights: number
  })[]
}

/** The model as one binary: magic, version, header length, JSON header, then the arrays, 4-byte aligned. */
export function serialiseModel(model: Model): Uint8Array {
  const banks = Object.values(model.banks)
  const packed = banks.map(({ weights }) => pack(weights))
  const header: Header = {
    contentHash: model.contentHash,
    banks: banks.map(({ view, classifiers, vocabulary, scales }, i) => ({
      view,
      classifiers,
      documents: vocabulary.documents,
      features: vocabulary.size,
      isEmphasised: vocabulary.emphasis !== undefined,
      columns: scales.length,
      weights: packed[i]!.gaps.length,
    })),
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const arrays = banks.flatMap(({ vocabulary, scales, offsets }, i) => {
    const { lengths, gaps, bytes } = packed[i]!
    const emphasis = vocabulary.emphasis ? [vocabulary.emphasis] : []
    return [vocabulary.hashes, vocabulary.counts, ...emphasis, scales, offsets, lengths, gaps, bytes]
  })
  const size = arrays.reduce(
    (sum, array) => sum + aligned(array.byteLength),
    PREFIX + aligned(json.byteLength),
  )
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, MODEL_VERSION, true)
  view.setUint32(8, json.byteLength, true)
  bytes.set(json, PREFIX)
  let at = PREFIX + aligned(json.byteLength)
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += aligned(array.byteLength)
  }
  return bytes
}

/** Reads a model back. Undefined when the bytes are not a whole model of this version: train again. */
export function parseModel(file: Uint8Array): Model | undefined {
  try {
    // A Buffer's own slice shares memory instead of copying it, which would tear the arrays below.
    return parse(new Uint8Array(file.buffer, file.byteOffset, file.byteLength))
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined
    throw error
  }
}

function parse(bytes: Uint8Array): Model | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== MODEL_VERSION) return undefined
  const length = view.getUint32(8, true)
  if (length > bytes.byteLength - PREFIX) return undefined
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length))) as Header
  let at = PREFIX + aligned(length)
  const take = (byteLength: number): ArrayBuffer => {
    const end = at + byteLength
    if (end > bytes.byteLength) throw new RangeError('model file is cut short')
    const piece = bytes.slice(at, end).buffer
    at += aligned(byteLength)
    return piece
  }
  const banks: Model['banks'] = {}
  for (const entry of header.banks) {
    const { view: seen, classifiers, documents, features, isEmphasised, columns, weights } = entry
    const hashes = new Uint32Array(take(features * 4))
    const counts = new Uint16Array(take(features * 2))
    const emphasis = isEmphasised ? new Float32Array(take(features * 4)) : undefined
    banks[seen] = {
      view: seen,
      classifiers,
      vocabulary: new Vocabulary(hashes, counts, documents, emphasis),
      scales: new Float32Array(take(columns * 4)),
      offsets: new Float32Array(take(columns * 4)),
      weights: unpack({
        lengths: new Uint16Array(take(features * 2)),
        gaps: new Uint8Array(take(weights)),
        bytes: new Int8Array(take(weights)),
      }),
    }
  }
  return { contentHash: header.contentHash, banks }
}

/** In the file a feature's ascending columns are written as the gaps between them; a wide gap has steps without weight. */
interface PackedWeights {
  lengths: Uint16Array
  gaps: Uint8Array
  bytes: Int8Array
}

const WIDEST_GAP = 255

function pack({ starts, columns, bytes }: ClassifierBank['weights']): PackedWeights {
  const lengths = new Uint16Array(starts.length - 1)
  const gaps: number[] = []
  const packed: number[] = []
  for (let feature = 0; feature < lengths.length; feature++) {
    const before = gaps.length
    let last = 0
    for (let at = starts[feature]!; at < starts[feature + 1]!; at++) {
      for (; columns[at]! - last > WIDEST_GAP; last += WIDEST_GAP) {
        gaps.push(WIDEST_GAP)
        packed.push(0)
      }
      gaps.push(columns[at]! - last)
      packed.push(bytes[at]!)
      last = columns[at]!
    }
    lengths[feature] = gaps.length - before
  }
  return { lengths, gaps: Uint8Array.from(gaps), bytes: Int8Array.from(packed) }
}

function unpack({ lengths, gaps, bytes }: PackedWeights): ClassifierBank['weights'] {
  const starts = new Uint32Array(lengths.length + 1)
  const columns = new Uint16Array(gaps.length)
  let at = 0
  for (let feature = 0; feature < lengths.length; feature++) {
    let column = 0
    for (const end = at + lengths[feature]!; at < end; at++) {
      column += gaps[at]!
      columns[at] = column
    }
    starts[feature + 1] = at
  }
  return { starts, columns, bytes }
}

function aligned(size: number): number {
  return (size + 3) & ~3
}
