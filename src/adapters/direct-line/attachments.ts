import { fileTypeFromBuffer } from 'file-type'
import { AppError } from '../../kernel/errors.ts'

/** What may be uploaded, by the file's own first bytes. Extension → media type. */
export const ALLOWED_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
}

/** Media type of a stored name; the name was given by us, so its extension is true. */
export function contentTypeOf(name: string): string {
  return ALLOWED_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}

/** Where a stored file is fetched. The signature stands for the right to see this one file: pictures carry no bearer. */
export function attachmentPath(conversationId: string, name: string, signature: string): string {
  return `/v3/directline/conversations/${conversationId}/attachments/${name}?s=${signature}`
}

/** What the first bytes say, whatever the name or the header claim. @throws AppError `upload-refused` */
export async function extensionOf(bytes: Uint8Array): Promise<string> {
  const type = await fileTypeFromBuffer(bytes)
  const known = type && ALLOWED_TYPES[type.ext] === type.mime
  if (!known) throw new AppError('upload-refused', { because: 'type', allowed: Object.keys(ALLOWED_TYPES) })
  return type.ext
}

/** What an office can read and file. */
const DOCUMENT_TYPES = ['jpg', 'png', 'webp', 'pdf']
/** How a whole file of a kind ends, looked for in its last bytes: one that was cut off opens as half a page or not at all. */
const ENDS: Readonly<Record<string, { mark: string; within: number }>> = {
  jpg: { mark: '\xff\xd9', within: 64 },
  png: { mark: 'IEND', within: 64 },
  pdf: { mark: '%%EOF', within: 2048 },
}

/** The same for a document that somebody hands in: a picture or PDF, whole and not locked. @throws AppError `upload-refused` */
export async function documentExtensionOf(bytes: Uint8Array): Promise<string> {
  const extension = await extensionOf(bytes)
  if (!DOCUMENT_TYPES.includes(extension))
    throw new AppError('upload-refused', { because: 'type', allowed: DOCUMENT_TYPES })
  const end = ENDS[extension]
  const isWhole = !end || latin(bytes.subarray(-end.within)).includes(end.mark)
  if (!isWhole || (extension === 'pdf' && latin(bytes).includes('/Encrypt')))
    throw new AppError('upload-refused', { because: 'unreadable' })
  return extension
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
