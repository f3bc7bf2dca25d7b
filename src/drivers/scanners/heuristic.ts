// The content verdict that is built in: a few dozen weighted signs of spam. No match for rspamd, which can be put
// in its place; it is here so that the first minute needs no other program.

import type { ContentVerdict, MessageSummary } from '../../model/message.ts'
import type { Scanner } from '../../ports/scanner.ts'

type Sign = {
  readonly points: number
  /** As docs/evidence.md prints it. */
  readonly what: string
  readonly present: (message: MessageSummary) => boolean
}

const words = (points: number, what: string, pattern: RegExp): Sign => ({
  points,
  what,
  present: m => pattern.test(`${m.subject}\n${m.text}`),
})

/** At this many points a message is called spam. */
export const SPAM_AT = 5
/** A subject in capitals has more characters than this … */
const CAPITALS_BEYOND = 8
/** … and so many of them in a row. */
const CAPITALS_IN_A_ROW = 5
const IN_A_ROW = new RegExp(`[A-Z]{${CAPITALS_IN_A_ROW}}`)

export const SIGNS: readonly Sign[] = [
  words(
    3,
    'medicines',
    /\b(?:viagra|cialis|levitra|pharmacy without prescription|weight loss miracle)\b/i,
  ),
  words(
    3,
    'casinos and prizes',
    /\b(?:online casino|free spins|lottery winner|you have won|claim your prize)\b/i,
  ),
  words(
    3,
    'replicas and easy money',
    /\b(?:cheap meds|replica watches|work from home and earn|earn \$\d+)\b/i,
  ),
  words(
    3,
    'an account to be confirmed',
    /\b(?:verify your account|account (?:has been )?suspended|confirm your password)\b/i,
  ),
  words(
    3,
    'investments',
    /\b(?:bitcoin (?:doubler|investment)|guaranteed (?:profit|returns)|double your money)\b/i,
  ),
  words(
    2,
    'urgent offers',
    /\b(?:act now|limited time offer|click here|order now|risk[- ]free|100% free)\b/i,
  ),
  words(
    2,
    'greetings to any reader, and congratulations',
    /\b(?:dear (?:friend|customer|beneficiary)|congratulations)\b/i,
  ),
  words(1, 'a sum of a thousand dollars or more', /\$\s?\d{1,3}(?:,\d{3})+/),
  words(1, 'three exclamation marks', /!{3,}/),
  {
    points: 2,
    what: `a subject in capitals, of more than ${CAPITALS_BEYOND} characters, ${CAPITALS_IN_A_ROW} letters of them in a row`,
    present: m =>
      m.subject.length > CAPITALS_BEYOND &&
      m.subject === m.subject.toUpperCase() &&
      IN_A_ROW.test(m.subject),
  },
  // RFC 3986 §3.2.2: a host needs no percent signs; those are there to be overlooked.
  {
    points: 4,
    what: 'a link to a host with percent signs',
    present: m => m.linkHosts.some(host => /%[0-9a-f]{2}/i.test(host)),
  },
  {
    points: 3,
    what: 'a link to an address instead of a name',
    present: m =>
      m.linkHosts.some(host =>
        /^(?:\d+|0x[0-9a-f]+|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i.test(host),
      ),
  },
  {
    points: 2,
    what: 'a link to a name below .top, .xyz, .icu, .click or .loan',
    present: m => m.linkHosts.some(host => /\.(?:top|xyz|icu|click|loan)(?::\d+)?$/i.test(host)),
  },
  {
    points: 5,
    what: 'an attachment that is a program of Windows',
    present: m =>
      m.attachments.some(name =>
        /\.(?:exe|scr|pif|com|bat|cmd|vbs|js|jse|wsf|hta|lnk)$/i.test(name),
      ),
  },
]

export function heuristicScanner(): Scanner {
  return {
    name: 'heuristic',
    sees: 'ours',
    scan: async ({ summary }) => ({ content: score(summary), signsOnly: true }),
  }
}

function score(message: MessageSummary): ContentVerdict {
  const points = SIGNS.reduce((sum, sign) => sum + (sign.present(message) ? sign.points : 0), 0)
  return points >= SPAM_AT ? 'spam' : 'clean'
}

/** The scanner of an operator that has none. */
export const noScanner: Scanner = {
  name: 'none',
  sees: 'ours',
  scan: async () => ({ content: 'unseen' }),
}
