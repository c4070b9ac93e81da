import { BlockList, isIP, isIPv6 } from 'node:net'

/** Networks that are not the public internet: this machine, inner networks, link-local, translated, reserved. */
const INNER = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const

/** Says which addresses may be reached from here. */
export interface AddressGuard {
  /** `listed`: inner, but named as allowed; `public`: anybody's; `refused`: inner. */
  judge(address: string): 'public' | 'listed' | 'refused'
}

/** @param networks inner networks that may be reached nevertheless, e.g. `10.20.0.0/16` */
export function createAddressGuard(networks: readonly string[]): AddressGuard {
  const inner = listOf(INNER)
  const listed = listOf(networks)
  return {
    judge(address) {
      const plain = plainAddress(address)
      const family = isIPv6(plain) ? 'ipv6' : 'ipv4'
      if (isIP(plain) === 0) return 'refused'
      if (listed.check(plain, family)) return 'listed'
      return inner.check(plain, family) ? 'refused' : 'public'
    },
  }
}

/** An IPv4 address dressed as an IPv6 one is judged as what it is. */
function plainAddress(address: string): string {
  if (!isIPv6(address)) return address
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [, high, low] = /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? []
  if (!high || !low) return canonical
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list
}
