/** To which services the line speaks. */
export interface ServiceHosts {
  /** In small letters; `*.` stands for any name below. */
  hosts: readonly string[]
  /** The Bot Framework Emulator on the same machine, too, by plain HTTP. */
  isLocalAllowed: boolean
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/**
 * May answers go to this address, and files be fetched from it? A message names both, so without this list anybody could make the
 * line call whom they like.
 */
export function isOfService(address: string, { hosts, isLocalAllowed }: ServiceHosts): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  if (isLocalAllowed && LOCAL.includes(hostname)) return protocol === 'http:' || protocol === 'https:'
  return protocol === 'https:' && port === '' && hosts.some(host => isUnder(hostname, host))
}

function isUnder(hostname: string, host: string): boolean {
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host
}
