// Messages as nobody should write them, and everybody who wants to get past a filter does: odd lines in front of a header and in it,
// odd spellings of From, and a few bytes changed at random. Every one follows from the seed.

import { MessageBytes } from '../../src/mail/message-bytes.ts'
import type { Random } from '../../src/simulation/population/random.ts'

const BANK = 'bank@bank.example'
const ANNA = 'anna@isp.example'

const FIELDS = [
  'Subject: hello',
  'Subject:  spaces \t ',
  'Subject: folded\r\n here\r\n\tand here',
  'Subject: folded\r\n \r\n over nothing',
  'Subject: Gr\xc3\xbc\xc3\xa0',
  'Subject: \xe0 la carte',
  'Subject : a space before the colon',
  'To:bert@isp.example',
  'Received: from a by b',
  'Received: from a by b;\r\n\tMon, 5 Jan 2026 12:00:00 +0000',
  'X-Empty:',
  'X-Colons: a:b: c',
  'X-Nul: a\0b',
  'X-Odd: a\x0bb\x0cc\x1cd\x85e\x7f',
  '>From: quoted',
  'from: anna@isp.example',
  'http://a.example/: a link',
  'Authentication-Results: mail.isp.example; dmarc=pass',
  'Authentication-Results: other.example; dmarc=pass',
  'Content-Type: text/plain',
] as const

const STRAYS = [
  ' x',
  '\tFrom: bank@bank.example',
  'junk',
  'From anna Thu Jan  1 00:00:00 2026',
  '>From anna',
  '>>From ',
  'From',
  'From\r\n : bank@bank.example',
  'a line without a colon',
  'a line: with one',
  ': no name',
  'N\0ame: x',
  'N\xc3\xa4me: x',
  '\xc2\xa0From: bank@bank.example',
  '\x0bFrom: bank@bank.example',
  'X\x7f: y',
  '--b',
] as const

const AUTHORS = [
  ANNA,
  `<${ANNA}>`,
  `Anna <${ANNA}>`,
  `Anna <ANNA@isp.example>`,
  `"Anna" <${ANNA}>`,
  `"Ek, Anna" <${ANNA}>`,
  `Ek, Anna <${ANNA}>`,
  `${ANNA} (Anna)`,
  `(${BANK}) ${ANNA}`,
  `"${BANK}" <${ANNA}>`,
  `"a\\" <${BANK}>" <${ANNA}>`,
  `${BANK} <${ANNA}>`,
  `${BANK}, ${ANNA}`,
  `<${ANNA}><${BANK}>`,
  `<${ANNA}> ${BANK}`,
  `${ANNA} ${BANK}`,
  `${ANNA},\r\n ${BANK}`,
  `${ANNA}\r\n <${BANK}>`,
  `<@isp.example:${BANK}>`,
  `Bank: ${BANK}, ${ANNA};`,
  `Bank: ${BANK}; ${ANNA}`,
  `"bank"@bank.example <${ANNA}>`,
  `bank @ bank.example`,
  `bank@bank\r\n .example`,
  `bank(x)@bank.example (${ANNA})`,
  `=?utf-8?q?bank=40bank.example?= <${ANNA}>`,
  `=?utf-8?q?bank?=@bank.example`,
  `=?utf-8?b?YmFua0BiYW5rLmV4YW1wbGU=?=`,
  `=?utf-8?q?=22?= <${ANNA}>, "<${BANK}>`,
  `A\\ <${BANK} <${ANNA}>`,
  `((a) ${BANK} <${ANNA}>`,
  `<${ANNA}\0@bank.example>`,
  `\xc3\xa4nna@isp.example`,
  `${ANNA};${BANK}`,
  'nobody',
  '',
] as const

const SIGNS = [
  '\r\n',
  ' ',
  '\t',
  ':',
  '<',
  '>',
  '"',
  '(',
  ')',
  ',',
  ';',
  '@',
  '\\',
  '=',
  '\0',
  '\xa0',
  'a',
]

/** As it comes through our door: every line ended by CR LF. */
export function oddMessage(luck: Random): Buffer {
  const { below, chance, pick } = luck
  const lines: string[] = []
  const stray = () => {
    if (chance(0.06)) lines.push(pick(STRAYS))
  }
  if (chance(0.2)) lines.push(pick(STRAYS))
  for (let i = below(6); i > 0; i--) {
    lines.push(pick(FIELDS))
    stray()
  }
  for (let i = chance(0.1) ? 2 : 1; i > 0; i--)
    lines.push(`${pick(['From', 'FROM', 'from'])}:${pick(['', ' '])}${pick(AUTHORS)}`)
  stray()
  for (let i = below(4); i > 0; i--) {
    lines.push(pick(FIELDS))
    stray()
  }
  if (chance(0.003)) lines.unshift(...Array.from({ length: 1001 }, () => 'X-Many: x'))
  if (chance(0.9)) lines.push('', 'hello', `From: ${BANK}`, '')
  return repaired(mutated(lines.join('\r\n'), luck))
}

function mutated(text: string, { below, chance, pick }: Random): string {
  let changed = text
  while (chance(0.3)) {
    const at = below(Math.min(changed.length, 400) + 1)
    const gone = chance(0.5) ? below(3) : 0
    changed = changed.slice(0, at) + (chance(0.7) ? pick(SIGNS) : '') + changed.slice(at + gone)
  }
  return changed
}

function repaired(text: string): Buffer {
  const door = new MessageBytes('lengths')
  const { bytes } = door.take(Buffer.from(text, 'latin1'))
  return Buffer.concat([bytes, door.finish()])
}
