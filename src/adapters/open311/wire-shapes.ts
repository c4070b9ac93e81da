import { localTimestampOf } from '../../clocks/working-calendar.ts'
import type { FiledRequest } from '../../usecases/file-public-request.ts'
import type { PublicUpdate } from '../../usecases/list-public-requests.ts'
import type { PublicService, ServiceAttribute } from '../../usecases/public-services.ts'
import type { PublicRequest } from '../../usecases/show-public-case.ts'
import type { Tree } from './write-xml.ts'

/** Names and order of everything on the wire, as GeoReport v2 has them. */

export function serviceTree(service: PublicService): Tree {
  return {
    service_code: service.code,
    service_name: service.name,
    description: service.description,
    metadata: service.hasAttributes,
    type: service.isBlackbox ? 'blackbox' : 'realtime',
    keywords: service.keywords.join(', '),
    group: service.group,
  }
}

export function definitionTree(code: string, attributes: readonly ServiceAttribute[]): Tree {
  return {
    service_code: code,
    attributes: attributes.map((attribute, index) => ({
      variable: true,
      code: attribute.code,
      datatype: attribute.type,
      required: attribute.isRequired,
      datatype_description: null,
      order: index + 1,
      description: attribute.description,
      ...(attribute.values.length > 0
        ? { values: attribute.values.map(({ key, name }) => ({ key, name })) }
        : {}),
    })),
  }
}

/** Either the number or, where it was asked for, the token; neither of a report. */
export function filedTree(filed: FiledRequest, account: string | null, wantsToken: boolean): Tree {
  const known = filed.id !== null
  return {
    ...(known && wantsToken ? { token: filed.token } : {}),
    ...(known && !wantsToken ? { service_request_id: filed.id } : {}),
    service_notice: filed.notice,
    account_id: account,
  }
}

export function requestTree(request: PublicRequest, isExtended: boolean): Tree {
  return {
    service_request_id: request.id,
    status: statusOf(request),
    status_notes: request.statusNotes,
    service_name: request.serviceName,
    service_code: request.serviceCode,
    description: request.description,
    agency_responsible: request.agency,
    service_notice: request.notice,
    requested_datetime: localTimestampOf(request.requestedAt),
    updated_datetime: localTimestampOf(request.updatedAt),
    expected_datetime: request.expectedAt && localTimestampOf(request.expectedAt),
    address: request.address,
    address_id: request.addressId,
    zipcode: null,
    lat: request.at?.[1] ?? null,
    long: request.at?.[0] ?? null,
    media_url: null,
    ...(isExtended ? { extended_attributes: extensionTree(request) } : {}),
  }
}

function extensionTree({ stage, stageName, type, typeName }: PublicRequest): Tree {
  return { stage, stage_name: stageName, request_type: type, request_type_name: typeName }
}

export function updateTree(update: PublicUpdate): Tree {
  return {
    update_id: update.id,
    service_request_id: update.requestId,
    status: statusOf(update),
    updated_datetime: localTimestampOf(update.at),
    description: update.description,
    media_url: null,
  }
}

function statusOf({ isOpen }: { isOpen: boolean }): 'open' | 'closed' {
  return isOpen ? 'open' : 'closed'
}

export interface Discovery {
  changedAt: Date
  contact: string
  keyService: string
  /** Of the endpoint. */
  url: string
}

export function discoveryTree({ changedAt, contact, keyService, url }: Discovery): Tree {
  const changeset = localTimestampOf(changedAt)
  return {
    changeset,
    contact,
    key_service: keyService,
    endpoints: [
      {
        specification: 'http://wiki.open311.org/GeoReport_v2',
        url,
        changeset,
        type: 'production',
        formats: ['text/xml', 'application/json'],
      },
    ],
  }
}
