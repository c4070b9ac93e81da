import { localDateOf } from '../clocks/working-calendar.ts'
import { AppError } from '../kernel/errors.ts'
import { newCode, newId } from '../kernel/ids.ts'
import { isHallOpen } from './hall-now.ts'
import type { StoredTicket, TakenBy } from './hall-ports.ts'
import type { Line } from './line.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** Ten letters: nobody finds another's by trying. */
const CODE_LETTERS = 10

export interface WantedNumber {
  group: string
  takenBy: TakenBy
  /** The same request again gets the same number. */
  request: string | null
  conversationId: string | null
  /** Old or disabled, by their own word: nobody asks for papers at the door. */
  isElderly: boolean
  /** Has an appointment at this time; nothing says so yet. */
  hasAppointment?: boolean
}

/** A number for a group, for whoever comes. @throws AppError `hall-closed`, `hall-group-not-found` */
export async function takeNumber(line: Line, wanted: WantedNumber): Promise<StoredTicket> {
  const { hall } = line.content
  const group = hall.groups.find(({ id }) => id === wanted.group)
  if (!group) throw new AppError('hall-group-not-found')
  if (!isHallOpen(line)) throw new AppError('hall-closed', { ...hall.hours })
  const { credits } = hall
  const takenAt = line.clock.now()
  const ticket = await tryAgainOnConflict(line, () =>
    line.store.hall.take({
      id: newId(takenAt, line.chance),
      day: localDateOf(takenAt),
      code: newCode(CODE_LETTERS, line.chance),
      request: wanted.request,
      group: group.id,
      prefix: group.prefix,
      takenBy: wanted.takenBy,
      conversationId: wanted.conversationId,
      creditMinutes: Math.max(
        wanted.isElderly ? credits.elderly : 0,
        wanted.hasAppointment ? credits.appointment : 0,
      ),
      takenAt,
    }),
  )
  line.bus.publish([{ topic: 'hall' }])
  return ticket
}
