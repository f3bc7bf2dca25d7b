// How another server answered, sorted into a class: what it says about our user, and what to do next.

import type { ResultClass } from '../model/event.ts'

/** Sorts a reply by its enhanced code (RFC 3463) and, where servers misuse those, by its words. */
export function classifyReply(code: number, text: string): ResultClass {
  if (code < 500) return 'temporary'
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(text)
  const detail = enhanced ? `${enhanced[1]}.${enhanced[2]}` : ''
  if (/spam|virus|malware|phish|bulk|junk|reputation|content (?:rejected|refused)/i.test(text))
    return 'spam-refused'
  if (['1.1', '1.2', '1.3', '1.6', '1.10'].includes(detail)) return 'unknown-user'
  if (
    /(?:no such|unknown|invalid|does not exist|not found|unavailable).{0,30}(?:user|mailbox|recipient|address|account)/i.test(
      text,
    )
  )
    return 'unknown-user'
  if (
    /(?:user|mailbox|recipient|address|account).{0,40}(?:unknown|does not exist|not found|invalid|disabled)/i.test(
      text,
    )
  )
    return 'unknown-user'
  if (detail === '2.2' || code === 552 || /(?:mailbox|quota).{0,20}(?:full|exceeded)/i.test(text))
    return 'mailbox-full'
  if (detail.startsWith('7.')) return 'policy'
  return 'other'
}
