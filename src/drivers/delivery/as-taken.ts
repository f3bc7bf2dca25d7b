// A message as the next server takes it: without 8BITMIME (RFC 6152 §3) one with octets above 127 is converted to ASCII, or, where it
// is signed by another domain, cannot go there at all. Our own seal is left out then. Where only the header has such octets nothing is
// changed: no body is labelled with a character set that it does not need, and a signature stays what it is.

import { conversionOf, converted, hasAsciiBody } from '../../mail/to-seven-bit.ts'
import type { Reply, Sending } from './sending.ts'

/** Or what became of it: RFC 3463 §3.7, X.6.3. */
export async function asTaken(
  sending: Sending,
  offered: readonly string[],
): Promise<Sending | Reply> {
  const { eightBit, ...esmtp } = sending.esmtp
  if (!eightBit || offered.includes('8BITMIME')) return sending
  if (await hasAsciiBody(await sending.body())) return { ...sending, esmtp }
  const bare = sending.unsealed ?? sending
  const conversion = await conversionOf(await bare.body())
  if ('why' in conversion)
    return { code: 554, text: `5.6.3 the next server takes ASCII only, and ${conversion.why}` }
  const { size } = conversion
  return { ...sending, esmtp, size, body: async () => converted(await bare.body()) }
}
