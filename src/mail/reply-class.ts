// How another server answered, sorted into a class: what it says about our user, about us, and what to do next. Servers
// use the codes of RFC 3463 as they like, so their words come first; test/replies/replies.txt has what they say.

import type { ResultClass } from '../model/result-class.ts'

type Sign = readonly [ResultClass, RegExp]

/** In this order: what is said of our address often also says "spam", and what is said of a mailbox "policy". */
const WORDS: readonly Sign[] = [
  ['greylisted', /gr[ea]y.?list/i],
  ['spam-refused', /surbl|uribl|a url (?:listed|on)/i],
  ['policy', /sender address rejected|domain of sender/i],
  ['rate-limited', /sending quota/i],
  [
    'address-listed',
    /\b(?:dn[sw]?bl|rbl|sorbs|spamhaus|spamcop|pbl|barracuda\w*|\bbl\.|senderscore|ipcheck|block ?list|black ?list)/i,
  ],
  [
    'address-listed',
    /(?:poor|low|bad) reputation(?! of the sending domain)|ip (?:address )?(?:reputation|is (?:not authorized|blocked|listed|on))|reputation (?:of the sending ip|filter|score)/i,
  ],
  [
    'address-listed',
    /banned (?:sending ip|sender)|messages from (?:\[?[\da-f]*[.:][\d.:a-f]+\]?|your ip)|your ip(?:'s)? address|from your ip|dynamic ip|the ip (?:you're|address you are)|\bip=[\d.]+|email from [\d.]+ is currently blocked/i,
  ],
  [
    'too-large',
    /size (?:exceed|limit)|exceed\w{0,10} .{0,40}size|file too big|message too large|larger than|recipsizelimit/i,
  ],
  [
    'mailbox-full',
    /over.?quota|quota (?:exceeded|violation)|(?:mailbox|storage|account).{0,30}(?:\bfull\b|exceeded)|exceeded (?:storage|the mailbox)|exhausted .{0,20}storage|mailbox full|quotaexceeded/i,
  ],
  [
    'rate-limited',
    /too (?:many (?:connections|concurrent|messages|recipients|hops per session)|much mail|quickly)|rate.{0,20}(?:limit|throttl|prevents)|throttl|connection limit|max emails|unusual rate of mail/i,
  ],
  [
    'policy',
    /dmarc|\bspf\b|sender policy framework|\bdkim\b|unauthenticated|relay(?:ing)? (?:access )?(?:denied|not permitted)|unable to relay|rcpthosts|ptr record|cannot find your hostname|authentication required|starttls|tls required/i,
  ],
  [
    'malformed',
    /bare (?:lf|newline)|missing (?:a valid address in )?(?:from|a valid)|headers? too large/i,
  ],
  [
    'spam-refused',
    /spam|virus|malware|phish|infected|trojan|\bbulk\b|junk|unsolicited|suspicious|security issue|illegal attachment|banned phrase|gtube|content (?:rejected|refused|restrictions)|eicar/i,
  ],
  [
    'unknown-user',
    /(?:no such|unknown|invalid|no|not a valid|bad)\s(?:such\s)?(?:or illegal\s)?(?:user|mailbox|recipient|address|person|account|alias|host)\b/i,
  ],
  [
    'unknown-user',
    /(?:user|mailbox|recipient|address|account|alias)\b.{0,60}(?:unknown|does(?:n't| not) exist|not found|not available|unavailable|disabled|deactivated|inactive|invalide?|no longer|closed|doesn't have|rejected\.|not local)/i,
  ],
  [
    'unknown-user',
    /validrcptto|unrouteable|recipient ?no(?:tfound|t on)|recip(?:ient)?notfound|no longer (?:here|on)|host unknown|user not local|(?:address|recipient) (?:address )?rejected(?:: access denied\.?)?(?: as\(| user@|$)/i,
  ],
]

/** Detail of RFC 3463 -> class, where the words say nothing. */
const CODES: Readonly<Record<string, ResultClass>> = {
  '1.1': 'unknown-user',
  '1.2': 'unknown-user',
  '1.3': 'unknown-user',
  '1.6': 'unknown-user',
  '1.10': 'unknown-user',
  '2.1': 'unknown-user',
  '2.2': 'mailbox-full',
  '2.3': 'too-large',
  '3.4': 'too-large',
  '4.6': 'malformed',
  '4.12': 'malformed',
}

/** Sorts a reply by its words, then by its enhanced code, then by its code. Code 0 is no reply at all. */
export function classifyReply(code: number, text: string): ResultClass {
  if (code === 0) return 'temporary'
  const permanent = code >= 500
  // What a server says of a user while it asks us to come back, it does not know yet.
  const found = WORDS.find(([, words]) => words.test(text))?.[0]
  if (found && (permanent || LASTING.has(found))) return found
  if (!permanent) return 'temporary'
  const detail = /\b5\.(\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? ''
  const coded = CODES[detail]
  if (coded) return coded
  if (code === 552) return 'mailbox-full'
  if (detail.startsWith('7.') || code === 530) return 'policy'
  if (detail.startsWith('6.') || detail === '5.4') return 'malformed'
  if (detail === '1.8' || /sender|helo|prohibition|access denied/i.test(text)) return 'policy'
  return 'other'
}

/** Classes that mean the same in a 4xx. */
const LASTING: ReadonlySet<ResultClass> = new Set([
  'greylisted',
  'rate-limited',
  'address-listed',
  'mailbox-full',
  'policy',
])
