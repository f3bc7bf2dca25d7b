// The header fields that tell the reader what was found (RFC 8601, RFC 7208 §9.1): mailauth's lines with the results that we believe.

import type { Believed } from './believed.ts'
import { MAX_SIGNATURES } from './bounded-header.ts'
import type { MailauthResult } from './mailauth-result.ts'

/** RFC 5322 §2.1.1 allows long headers, but what is said of ten signatures fits in this. */
const MAX_HEADER = 16 * 1024
/** RFC 5322 §2.1.1: lines should be no longer. Some values are, and cannot be broken. */
const WIDTH = 78

/**
 * Complete fields, each line ended by CR LF. Where something in them would begin a field of its own, or they are too long, only the result of
 * DMARC is told: a message without any was not checked at all.
 */
export function resultHeader(ourName: string, found: MailauthResult, words: Believed): string {
  const { spf, dkim, arc } = found
  const lines = [
    ...(dkim.results ?? [])
      .slice(0, MAX_SIGNATURES)
      .map(({ info }, i) => saying(words.dkim[i] ?? 'none', info)),
    ...notSeen(found),
    // Its comment would bear the sender's local part, and not every filter reads comments as such.
    spf ? spf.info.replace(COMMENT, '') : undefined,
    arc ? saying(words.arc, arc.info) : undefined,
    ofAuthor(found, words),
  ].flatMap(line => (line === undefined ? [] : [folded(line)]))
  // RFC 8601 §5: above Received-SPF, which is a trace field, too.
  const results = `Authentication-Results: ${[ourName, ...lines].join(';\r\n ')}\r\n`
  return (
    safe(spf ? `${results}${ofSpf(spf)}\r\n` : results) ||
    `Authentication-Results: ${ourName};\r\n dmarc=${wordOf(words)}\r\n`
  )
}

/** Mailauth escapes what is in it. A group of one character each: linear. */
const COMMENT = / \((?:[^()\\]|\\[^])*\)/
const ENVELOPE_FROM = / envelope-from="(?:[^"\\]|\\[^])*";/

/** RFC 7208 §9.1. A local part that has to be quoted may hold words of these fields: it is not told. */
const ofSpf = (spf: NonNullable<Exclude<MailauthResult['spf'], false>>): string =>
  spf['envelope-from']?.startsWith('"')
    ? spf.header.replace(COMMENT, '').replace(ENVELOPE_FROM, '')
    : spf.header

/** What mailauth was not shown did not pass. */
function notSeen({ left: { altered, signatures } }: MailauthResult): readonly string[] {
  return [
    ...(altered === undefined
      ? []
      : [`dkim=policy reason="${altered}, no signature is looked at"`]),
    ...(signatures === 0 ? [] : [`dkim=policy reason="not looked at: ${signatures} more"`]),
  ]
}

/** There always is one: a reader must not take another's. */
function ofAuthor({ dmarc, authors }: MailauthResult, words: Believed): string {
  const word = wordOf(words)
  const info = authors || dmarc === false ? authors?.info : dmarc.info
  return saying(word, info) ?? `dmarc=${word}`
}

/** RFC 8601 §2.7 has no word for several From fields. */
const wordOf = ({ dmarc }: Believed): string => (dmarc === 'several' ? 'permerror' : dmarc)

/** The same line with another result. */
const saying = (word: string, line: string | undefined): string | undefined =>
  line?.replace(/^([a-z]+)=[a-z]+/, `$1=${word}`)

function folded(line: string): string {
  let out = ''
  let width = 0
  for (const word of line.split(' ')) {
    const fits = out === '' || width + word.length < WIDTH
    out += `${out === '' ? '' : fits ? ' ' : '\r\n '}${word}`
    width = fits ? width + 1 + word.length : 1 + word.length
  }
  return out
}

/** What others put into their names and records stands in it: nothing of that may begin a field or the body. */
function safe(header: string): string {
  const lines = header.split('\r\n')
  const last = lines.pop()
  const fields = lines.every(line =>
    /^(?:(?:Received-SPF|Authentication-Results): |[ \t]+\S)/.test(line),
  )
  const plain = !/[\r\n\0]/.test(lines.join(''))
  return last === '' && fields && plain && header.length <= MAX_HEADER ? header : ''
}
