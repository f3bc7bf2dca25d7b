// An address that is forwarded twice, in two spellings (`"two"@` and two@, bücher.example and its A-label): once keys are read they are one,
// and the later would win unseen. So this looks at what the file says.

import { foldAddress } from '../model/mail-address.ts'
import type { Complaint } from './complaint.ts'

/** `value`: a configuration as it was written. */
export function* forwardsTwice(value: unknown): Generator<Complaint> {
  const given: unknown = Object(value).forwards
  if (typeof given !== 'object' || given === null) return
  const seen = new Set<string>()
  for (const address of Object.keys(given)) {
    const folded = foldAddress(address)
    if (seen.has(folded))
      yield {
        path: ['forwards', address],
        problem: `${address} is forwarded already, in another spelling`,
        advice: 'Write it once, with all its addresses.',
      }
    seen.add(folded)
  }
}
