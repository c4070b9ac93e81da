import type { SparseWeights } from './classifier-bank.ts'
import type { LinearWeights } from './linear-classifier.ts'

/** Gathers the weights of all classifiers of a bank, rounded to bytes, and puts them in order feature by feature. */
export class WeightTable {
  readonly #entries: Entry[] = []
  readonly #scales: number[] = []
  readonly #offsets: number[] = []
  readonly features: number
  readonly #least: number

  /** Weights below `least` are left out; the largest of each column is 127. */
  constructor(features: number, least: number) {
    this.features = features
    this.#least = least
  }

  /** Takes over a linear classifier whose features are numbered by their place in `ids`; returns its first column. */
  addLinear({ weights, offsets, labels }: LinearWeights, ids: ArrayLike<number>): number {
    const first = this.#scales.length
    const largest = new Float32Array(labels)
    for (let base = 0; base < weights.length; base += labels) {
      for (let label = 0; label < labels; label++)
        largest[label] = Math.max(largest[label]!, Math.abs(weights[base + label]!))
    }
    const scales = largest.map(scaleOf)
    const entry = new Entry()
    for (let base = 0, id = 0; base < weights.length; base += labels, id++) {
      for (let label = 0; label < labels; label++) {
        const value = weights[base + label]!
        // Nearly all weights end here; dividing them would take as long as learning them.
        if (Math.abs(value) < this.#least * scales[label]!) continue
        entry.add(ids[id]!, first + label, value / scales[label]!)
      }
    }
    this.#entries.push(entry)
    this.#scales.push(...scales)
    this.#offsets.push(...offsets)
    return first
  }

  /** Takes over one direction a column, brought to length 1; returns the first column. */
  addSparse(directions: readonly Map<number, number>[]): number {
    const first = this.#scales.length
    const entry = new Entry()
    directions.forEach((direction, i) => {
      let square = 0
      let largest = 0
      for (const value of direction.values()) {
        square += value * value
        largest = Math.max(largest, Math.abs(value))
      }
      const scale = scaleOf(largest)
      for (const [id, value] of direction) {
        if (Math.abs(value) >= this.#least * scale) entry.add(id, first + i, value / scale)
      }
      this.#scales.push(scale / (Math.sqrt(square) || 1))
      this.#offsets.push(0)
    })
    this.#entries.push(entry)
    return first
  }

  finish(): { weights: SparseWeights; scales: Float32Array; offsets: Float32Array } {
    const starts = new Uint32Array(this.features + 1)
    for (const { features, size } of this.#entries) for (let i = 0; i < size; i++) starts[features[i]! + 1]!++
    for (let id = 0; id < this.features; id++) starts[id + 1]! += starts[id]!
    const next = starts.slice()
    const columns = new Uint16Array(starts[this.features]!)
    const bytes = new Int8Array(columns.length)
    // Entries come in the order of their columns, so each feature's columns ascend.
    for (const entry of this.#entries) {
      for (let i = 0; i < entry.size; i++) {
        const at = next[entry.features[i]!]!++
        columns[at] = entry.columns[i]!
        bytes[at] = entry.bytes[i]!
      }
    }
    return {
      weights: { starts, columns, bytes },
      scales: Float32Array.from(this.#scales),
      offsets: Float32Array.from(this.#offsets),
    }
  }
}

/** Weights in the order of their columns' classifiers. */
class Entry {
  features = new Int32Array(1024)
  columns = new Uint16Array(1024)
  bytes = new Int8Array(1024)
  size = 0

  add(feature: number, column: number, value: number): void {
    if (this.size === this.features.length) this.#grow()
    this.features[this.size] = feature
    this.columns[this.size] = column
    this.bytes[this.size++] = Math.round(value)
  }

  #grow(): void {
    const { features, columns, bytes } = this
    const size = this.size * 2
    this.features = new Int32Array(size)
    this.columns = new Uint16Array(size)
    this.bytes = new Int8Array(size)
    this.features.set(features)
    this.columns.set(columns)
    this.bytes.set(bytes)
  }
}

function scaleOf(largest: number): number {
  return largest / 127 || 1
}
