import { phoneDigits } from '../../kernel/phone-digits.ts'
import { COORDINATE_SYSTEMS, type Coordinates, toWgs84 } from '../../language/coordinate-systems.ts'
import type { PublicSubmission } from '../../usecases/file-public-request.ts'
import type { ServiceAttribute } from '../../usecases/public-services.ts'
import { FieldReader } from './field-reader.ts'
import type { Fields } from './read-fields.ts'

/** What may be sent of each, in characters. The protocol limits the description; the others are what a form would take. */
const LONGEST = {
  description: 4000,
  address_string: 200,
  address_id: 100,
  service_code: 200,
  email: 254,
  device_id: 200,
  account_id: 200,
  first_name: 50,
  last_name: 50,
  phone: 40,
  media_url: 2000,
  attribute: 300,
} as const

/** What a program sent, checked as far as the protocol goes; the address of its mail is taken and not kept. */
export function readSubmission(
  fields: Fields,
  client: string,
  attributesOf: (serviceCode: string) => readonly ServiceAttribute[] | undefined,
): PublicSubmission {
  const reader = new FieldReader(fields)
  const text = (field: Exclude<keyof typeof LONGEST, 'attribute'>) => reader.text(field, LONGEST[field])
  const serviceCode = text('service_code') ?? reader.wrong('service_code', 'missing') ?? ''
  text('email')
  const submission: PublicSubmission = {
    client,
    serviceCode,
    attributes: readAttributes(reader, attributesOf(serviceCode) ?? []),
    at: readPoint(reader),
    address: text('address_string'),
    addressId: text('address_id'),
    description: text('description'),
    personName: nameOf(text('first_name'), text('last_name')),
    phone: readPhone(reader, text('phone')),
    account: text('account_id'),
    device: text('device_id'),
    mediaUrl: readUrl(reader, text('media_url')),
  }
  const isLocated = ['lat', 'long', 'address_string', 'address_id'].some(name => fields.named.has(name))
  if (!isLocated) reader.wrong('lat', 'location-missing')
  reader.finish()
  return submission
}

function readAttributes(
  reader: FieldReader,
  attributes: readonly ServiceAttribute[],
): Record<string, string> {
  return Object.fromEntries(
    attributes.flatMap(({ code, type, isRequired, values }) => {
      const field = `attribute[${code}]`
      const answer = reader.attribute(code, LONGEST.attribute)
      if (answer === null) {
        if (isRequired) reader.wrong(field, 'missing')
        return []
      }
      if (type === 'singlevaluelist' && !values.some(({ key }) => key === answer)) {
        reader.wrong(field, 'not-offered')
        return []
      }
      return [[code, answer]]
    }),
  )
}

/** WGS-84, unless `coordinate_system` says that a Chinese map was tapped. */
function readPoint(reader: FieldReader): Coordinates | null {
  const latitude = reader.degrees('lat', 90)
  const longitude = reader.degrees('long', 180)
  const system = reader.choice('coordinate_system', COORDINATE_SYSTEMS) ?? 'WGS-84'
  if (latitude === null || longitude === null) {
    const [given, absent] = latitude === null ? [longitude, 'lat'] : [latitude, 'long']
    return given === null ? null : reader.wrong(absent as string, 'missing')
  }
  return toWgs84([longitude, latitude], system)
}

/** A Chinese name begins with the family's and has no space. */
function nameOf(first: string | null, last: string | null): string | null {
  const isChinese = /\p{Script=Han}/u.test(`${first ?? ''}${last ?? ''}`)
  const name = isChinese ? `${last ?? ''}${first ?? ''}` : `${first ?? ''} ${last ?? ''}`
  return name.trim() || null
}

function readPhone(reader: FieldReader, said: string | null): string | null {
  if (said === null) return null
  return phoneDigits(said) ?? reader.wrong('phone', 'malformed')
}

function readUrl(reader: FieldReader, said: string | null): string | null {
  if (said === null) return null
  const isWeb = URL.canParse(said) && /^https?:$/.test(new URL(said).protocol)
  return isWeb ? said : reader.wrong('media_url', 'malformed')
}
