/** 128 random bits in hexadecimal; also where `crypto.randomUUID` is missing (plain HTTP, old phones). */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
