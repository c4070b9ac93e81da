import { call } from './desk-api.ts'

interface Probe {
  isUp: boolean
  milliseconds: number
}

/** How a channel does; numbers are of the last 24 hours. */
export interface ChannelHealth {
  channel: string
  name: string
  isOn: boolean
  /** Names of settings that would turn it on. */
  missing: string[]
  heard: number
  answered: number
  failed: number
  heardAt: string | null
  answeredAt: string | null
  failedAt: string | null
  failure: string | null
  tokenAt: string | null
}

export interface LineHealth {
  database: Probe
  redis: Probe | null
  queues: { queue: string; waiting: number; oldestAt: string | null }[]
  deadLetters: Record<string, number>
  sweepLagMs: number
  lastAnchor: string | null
  instances: {
    id: string
    startedAt: string
    seenAt: string
    model: string | null
    content: string
    isSelf: boolean
  }[]
  channels: ChannelHealth[]
}

export function loadHealth(): Promise<LineHealth> {
  return call('/line/health')
}

export interface ContentProblem {
  file: string
  line: number
  path: string
  message: string
  excerpt: { line: number; text: string; isMarked: boolean }[]
}

export interface ContentCheck {
  files: number
  holds: Record<string, number> | null
  problems: ContentProblem[]
  changes: { path: string; how: 'changed' | 'added' | 'gone' }[]
  paths: string[]
}

/** Checks what is on the disk, or with this draft in place of its file; nothing is written. */
export function checkContent(draft: { path: string; text: string } | null): Promise<ContentCheck> {
  return call('/line/content-check', { body: { draft }, timeoutMs: 60_000 })
}

export async function loadContentFile(path: string): Promise<string> {
  const { text } = await call<{ text: string }>(`/line/content-file?${new URLSearchParams({ path })}`)
  return text
}

export type TaskKind = 'audit' | 'training'

/** Long work; only one of a kind runs at a time. */
export interface DeskTask<Result> {
  id: string
  kind: TaskKind
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'lost'
  progress: { part: string; done: number; of: number }
  result: Result | null
  by: { login: string; displayName: string }
  startedAt: string
  endedAt: string | null
}

/** Newest first. */
export async function listTasks<Result>(kind: TaskKind): Promise<DeskTask<Result>[]> {
  return (await call<{ rows: DeskTask<Result>[] }>(`/line/tasks?kind=${kind}`)).rows
}

export async function cancelTask(id: string): Promise<void> {
  await call(`/line/tasks/${encodeURIComponent(id)}/cancel`, { body: {} })
}

export type AuditProblem =
  | { kind: 'event'; caseId: string; seq: number; because: string; anchoredOn?: string }
  | { kind: 'case-gone'; caseId: string; seq: number }
  | { kind: 'no-case'; caseId: string }
  | { kind: 'unlike'; caseId: string; columns: string[] }
  | { kind: 'anchor'; day: string; because: string }
  | { kind: 'anchor-unknown'; hash: string }

export interface AuditResult {
  cases: number
  events: number
  anchors: number
  looks: number
  broken: number
  lastAnchor: { day: string; hash: string } | null
  problems: AuditProblem[]
}

export async function beginAudit(knownAnchor: string | null): Promise<void> {
  await call('/line/audit', { body: { knownAnchor } })
}

export interface ModelScore {
  accuracy: number
  macroF1: number
  ece: number
}

export interface TrainingDone {
  version: string
  messages: number
  heldOut: number
  before: ModelScore
  after: ModelScore
  isWorse: boolean
  isBeforeAnew: boolean
  subjects: { subject: string; name: string; n: number; before: number; after: number }[]
}

/** What came of a training, or why nothing did. */
export type TrainingResult = TrainingDone | { because: string; messages?: number; text?: string }

/** @param table base64 of its bytes */
export async function beginTraining(wanted: {
  table: { name: string; content: string; isUnknownSkipped: boolean } | null
  hasCorrections: boolean
}): Promise<void> {
  await call('/line/training', { body: wanted, timeoutMs: 120_000 })
}

export interface ModelVersion {
  version: string
  madeAt: string
  story: { by: string; messages: number; heldOut: number; before: ModelScore; after: ModelScore } | null
}

export interface Models {
  versions: ModelVersion[]
  /** Since the start; null: as shipped. */
  served: string | null
  /** From the next start on. */
  chosen: string | null
}

export function loadModels(): Promise<Models> {
  return call('/line/models')
}

export async function chooseModel(version: string | null): Promise<void> {
  await call('/line/models/chosen', { body: { version } })
}

export async function discardModel(version: string): Promise<void> {
  await call(`/line/models/${version}`, { method: 'DELETE', body: {} })
}
