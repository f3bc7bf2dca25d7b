// Every address has a name that leads back to it (RFC 1912 §2.1): many servers take no mail from one that has none.

import { type AuditCheck, good, unknown, wrong } from '../audit-check.ts'

export const reverseName: AuditCheck = {
  name: 'reverse-name',
  column: 'PTR',
  judge: ({ reverse, outgoing }) => {
    if ('unknown' in reverse) return unknown(reverse.unknown)
    if (reverse.value.length === 0)
      return wrong(`${outgoing} has no address`, `give it an A or AAAA record, or look at its name`)
    const bare = reverse.value.filter(({ confirmed }) => confirmed.length === 0)
    if (bare.length === 0)
      return good(
        reverse.value.map(({ address, confirmed }) => `${address} is ${confirmed[0]}`).join(', '),
      )
    return wrong(
      bare
        .map(({ address, names: [name] }) =>
          name === undefined
            ? `${address} has no name`
            : `${address} is called ${name}, which does not lead back to it`,
        )
        .join(', '),
      'let the holder of the address set its PTR to the name of the server, and give that name the address',
    )
  },
}
