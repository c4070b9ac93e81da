/** What happened on a channel since it was last written down. */
export interface Pulse {
  channel: string
  /** Messages that came in, answers and news that went out, and what went wrong. */
  heard: number
  answered: number
  failed: number
  heardAt: Date | null
  answeredAt: Date | null
  failedAt: Date | null
  /** What went wrong last, in words without any secret or person. */
  failure: string | null
  /** When the vendor last gave a token. */
  tokenAt: Date | null
}

/** A process of the line. */
export interface LineInstance {
  id: string
  startedAt: Date
  seenAt: Date
  /** Version of what was learned from the history; null: as shipped. */
  model: string | null
  /** Fingerprint of the content that it serves. */
  content: string
}

/** How the line does, over all instances. */
export interface HealthStore {
  /** Adds to what other instances and earlier times have told. */
  addPulses(pulses: readonly Pulse[], hour: Date): Promise<void>
  /** By channel: numbers since an hour, and the last times of all that is kept. */
  pulses(since: Date): Promise<Pulse[]>
  seeInstance(instance: LineInstance): Promise<void>
  /** Those seen since, the oldest first. */
  instances(seenSince: Date): Promise<LineInstance[]>
  /** Forgets hours and instances before. */
  forgetBefore(at: Date): Promise<void>
}

/** Where the edges tell what happens on the channels. */
export interface PulseTaker {
  heard(channel: string): void
  answered(channel: string): void
  failed(channel: string, error: unknown): void
  tokenGiven(channel: string): void
}
