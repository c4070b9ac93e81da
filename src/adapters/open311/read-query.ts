import { startOfLocalDate } from '../../clocks/working-calendar.ts'
import { DAY } from '../../kernel/clock.ts'
import { MOST_REQUESTS, type PublicQuery } from '../../usecases/list-public-requests.ts'
import { FieldReader } from './field-reader.ts'
import type { Fields } from './read-fields.ts'

const STATUS = ['open', 'closed'] as const
/** How many are on a page when only the page is named. */
const USUAL_PAGE = 100
const MOST_PAGES = 1_000_000

/** What a list is asked for. @throws AppError `body-invalid` with every problem */
export function readQuery(fields: Fields): PublicQuery {
  const reader = new FieldReader(fields)
  const isPaged = fields.named.has('page')
  const query: PublicQuery = {
    ids: reader.list('service_request_id', MOST_REQUESTS)?.map(id => id.replace(/[\s-]/g, '')) ?? null,
    serviceCodes: reader.list('service_code', MOST_REQUESTS),
    status: readStatus(reader),
    from: readDate(reader, 'start_date', 0),
    to: readDate(reader, 'end_date', DAY - 1),
    page: reader.count('page', MOST_PAGES, 1),
    pageSize: reader.count('page_size', MOST_REQUESTS, isPaged ? USUAL_PAGE : MOST_REQUESTS),
  }
  reader.finish()
  return query
}

function readStatus(reader: FieldReader): PublicQuery['status'] {
  const said = reader.list('status', STATUS.length)
  if (said === null) return null
  const known = STATUS.filter(word => said.some(each => each.toLowerCase() === word))
  return known.length === said.length ? known : reader.wrong('status', 'not-offered')
}

/** A date, or date and time with their zone; in addresses a plus sign often arrives as a space. */
const W3C_DATE =
  /^(\d{4}-(\d{2})-(\d{2}))(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+ -](?:0\d|1[0-4]):[0-5]\d))?$/

/** A date alone is the whole local day: its first moment, or `endMs` later. */
export function readDate(reader: FieldReader, field: string, endMs: number): Date | null {
  const said = reader.text(field, 50)
  if (said === null) return null
  const [, date, month, day, hour] = W3C_DATE.exec(said) ?? []
  if (date === undefined || !isDay(date, Number(month), Number(day))) return reader.wrong(field, 'not-date')
  if (hour === undefined) return new Date(startOfLocalDate(date).getTime() + endMs)
  return new Date(said.replace(' ', '+'))
}

/** There is no 30th of February, whatever `Date` makes of it. */
function isDay(date: string, month: number, day: number): boolean {
  const at = new Date(`${date}T00:00:00Z`)
  return at.getUTCMonth() + 1 === month && at.getUTCDate() === day
}
