// SPF (RFC 7208): one record, that says at its end what of all other addresses, and is not too wide.

import { type AuditCheck, good, note, unknown, wrong } from '../audit-check.ts'

/** As an absurdly wide record counts against its domain. IPv4 addresses. */
const TOO_WIDE = 2 ** 24

/** IPv6 networks wider than a registry gives to one network, and `ptr`, which is the client's own word (RFC 7208 §5.5). What `exists` asks is not read here. */
const WIDE_TERM = / (\+?(?:ip6:[0-9a-f:.]+\/(?:\d|1[0-5])|ptr(?::[^ ]*)?))(?= |$)/i

export const spf: AuditCheck = {
  name: 'spf',
  column: 'SPF',
  judge: ({ spf: seen, domain }) => {
    if ('unknown' in seen) return unknown(seen.unknown)
    const { records, breadth, results } = seen.value
    const [record] = records
    if (record === undefined)
      return wrong(
        `${domain} has no SPF record`,
        `${domain}. TXT "v=spf1 mx -all", with all that send for it`,
      )
    if (records.length > 1)
      return wrong(
        `${domain} has ${records.length} SPF records`,
        'keep one: more are an error to every receiver (RFC 7208 §4.5)',
      )
    if (results.some(({ result }) => result === 'permerror'))
      return wrong(
        `the SPF record is an error to receivers: ${record}`,
        'name at most ten others (include, a, mx, ptr, exists, redirect), and look for slips of the pen (RFC 7208 §4.6.4)',
      )
    if (breadth >= TOO_WIDE)
      return wrong(
        `${breadth} IPv4 addresses may send for ${domain}: ${record}`,
        'name the addresses of your servers alone, and end with -all',
      )
    const wide = WIDE_TERM.exec(record)?.[1]
    if (wide !== undefined)
      return wrong(
        `${wide} lets anyone send for ${domain}: ${record}`,
        'name the addresses of your servers alone, and end with -all',
      )
    if (!/ (?:[-~]all|redirect=\S+)(?: |$)/i.test(record))
      return note(
        `the SPF record does not end with -all: ${record}`,
        'end it with -all, or ~all while you look',
      )
    const others = results.filter(({ result }) => result !== 'pass')
    if (others.length > 0)
      return note(
        `mail from ${others.map(({ address, result }) => `${address} is "${result}"`).join(', ')}`,
        'where this server sends mail of the domain, name its address in the record',
      )
    return good(record)
  },
}
