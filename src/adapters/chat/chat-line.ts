import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../cases/channels.ts'
import type { Outgoing } from '../../conversation/message.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Locale } from '../../language/understanding.ts'
import type { ChatSender, Contact, SharedMemory } from '../../usecases/channel-ports.ts'
import type { ChatAddress, ChatMessage, ChatPerson, Heard } from '../../usecases/hear-message.ts'

/** The line as the channels of vendors need it: each turns its wire format into these and back. */
export interface ChatLine {
  /** Runs the turn; a repeat of the same message gives the same answer. @throws AppError of the turn */
  hear(person: ChatPerson, message: ChatMessage): Promise<Heard>
  greet(person: ChatPerson): Promise<Heard>
  /** They did something that is no turn: they are there, and may be sent something. */
  notice(person: ChatPerson): Promise<void>
  /** How more can be sent to them. */
  contactOf(person: ChatAddress): Contact
  goodbye(person: ChatAddress): Promise<void>
  texts(locale: Locale, key: string, params?: Record<string, unknown>): string
  /** What the line says, as plain text with numbered choices. */
  inText(said: readonly Outgoing[], locale: Locale): string
  /** Keeps a file and returns its name. @throws AppError `upload-refused` for what its first bytes do not allow */
  saveFile(bytes: Uint8Array): Promise<string>
  shared: SharedMemory
  clock: Clock
}

/** A bubble of the channel itself, e.g. that a picture did not arrive. */
export function bubble(text: string): Outgoing {
  return { key: 'chat', text, choices: [], cards: [], expects: 'nothing' }
}

/** A channel that is on: how it answers, and how more is sent to people on it. */
export interface ChatChannel {
  name: Channel
  sender: ChatSender
  open(app: FastifyInstance): Promise<void>
  /** What a QR code must hold so that its scan opens the case with this number here. @throws when the vendor is away */
  codeOf?(number: string): Promise<string>
}
