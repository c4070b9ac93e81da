import type { View } from './features.ts'
import { sparseWeights, type TextClassifier } from './text-classifier.ts'
import { Vocabulary } from './vocabulary.ts'

/** All that was learned: the classifiers by name, and the content they were learned from. */
export interface Model {
  /** Of the content and the code's feature version; a cached model of another hash is stale. */
  contentHash: string
  classifiers: Map<string, TextClassifier>
}

/** Raised whenever features or the file change, so that older files are refused. */
export const MODEL_VERSION = 1

const MAGIC = 0x4f414859 // "YHAO"
const PREFIX = 12

interface Header {
  contentHash: string
  classifiers: {
    name: string
    view: View
    labels: string[]
    features: number
    weights: number
    sharpness: number
  }[]
}

/** The model as one binary: magic, version, header length, JSON header, then the arrays, 4-byte aligned. */
export function serialiseModel(model: Model): Uint8Array {
  const entries = [...model.classifiers]
  const header: Header = {
    contentHash: model.contentHash,
    classifiers: entries.map(([name, c]) => ({
      name,
      view: c.view,
      labels: c.labels,
      features: c.vocabulary.size,
      weights: c.weights.bytes.length,
      sharpness: c.sharpness,
    })),
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const arrays = entries.flatMap(([, c]) => [
    c.vocabulary.hashes,
    c.vocabulary.idf,
    c.scales,
    c.offsets,
    c.weights.lengths,
    c.weights.labels,
    c.weights.bytes,
  ])
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
  const classifiers = new Map<string, TextClassifier>()
  for (const { name, view: seen, labels, features, weights: size, sharpness } of header.classifiers) {
    const hashes = new Uint32Array(take(features * 4))
    const idf = new Float32Array(take(features * 4))
    const scales = new Float32Array(take(labels.length * 4))
    const offsets = new Float32Array(take(labels.length * 4))
    const lengths = new Uint8Array(take(features))
    const weights = sparseWeights(lengths, new Uint8Array(take(size)), new Int8Array(take(size)))
    const vocabulary = new Vocabulary(hashes, idf)
    classifiers.set(name, { view: seen, labels, vocabulary, weights, scales, offsets, sharpness })
  }
  return { contentHash: header.contentHash, classifiers }
}

function aligned(size: number): number {
  return (size + 3) & ~3
}
