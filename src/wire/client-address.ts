// A client's address as another server tells it (Postfix, Sendmail), which may not know it. No socket.

import { canonicalIp } from '../model/ip.ts'

/**
 * In canonical form; undefined where it is none (`unknown`, empty, a name). As SMTP writes it (`IPv6:2001:db8::1`), and with the interface
 * that a link-local one was reached by (`fe80::1%eth0`), it is the same address.
 */
export function clientAddress(said: string): string | undefined {
  const bare = /^IPv6:/i.test(said) ? said.slice(5) : said
  const zone = bare.includes(':') ? bare.indexOf('%') : -1
  return canonicalIp(zone < 0 ? bare : bare.slice(0, zone))
}
