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
