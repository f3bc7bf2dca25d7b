// Reads messages that were made to hurt, one kind after the other, as the engine reads them, and judges what is in them. Prints
// the verdicts, and how much memory the whole process has had at most.

import { attachment } from '../../src/core/policy/attachment.ts'
import { encodedUrl } from '../../src/core/policy/encoded-url.ts'
import { NOTHING_KNOWN } from '../../src/core/policy/rule.ts'
import { unreadable } from '../../src/core/policy/unreadable.ts'
import { CORPUS } from './corpus.ts'
import { attributed, RCPT } from './judging.ts'
import { listing } from './listing.ts'

const rules = [
  encodedUrl('enforce'),
  attachment('enforce', { rejected: ['exe'], encrypted: 'reject' }),
  unreadable('enforce', { large: 'accept' }),
]
const { read, close } = listing()
const verdicts: Record<string, string> = {}
for (const [name, { chunks }] of Object.entries(CORPUS)) {
  const message = await read(chunks())
  const step = { ...attributed({ ...RCPT, stage: 'message' }), message }
  const said = rules.flatMap(rule => rule.decide(step, NOTHING_KNOWN) ?? [])
  verdicts[name] = said.map(verdict => ('reason' in verdict ? verdict.reason : '')).join(' ')
}
await close()
console.log(JSON.stringify({ verdicts, peak: process.resourceUsage().maxRSS }))
