// Messages with parts as nobody should write them: names, boundaries, types, encodings and character sets in every spelling that gets past
// some filter, in one another, and a few bytes changed at random. Each text and name holds a mark, and of each mark it is known how it
// was written. Every message follows from the seed.

import { MessageBytes } from '../../src/mail/message-bytes.ts'
import type { Random } from '../../src/simulation/population/random.ts'

export type OddParts = {
  readonly message: Buffer
  /** How each mark was written: `name: two of them`. */
  readonly kinds: ReadonlyMap<string, readonly string[]>
}

/** What is a mark in a text. */
export const MARK = /zq\d+qz/g

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const base64 = (bytes: Buffer | string): string =>
  (typeof bytes === 'string' ? latin(bytes) : bytes)
    .toString('base64')
    .replaceAll(/.{60}/g, '$&\r\n')
const percent = (bytes: Buffer): string =>
  Array.from(bytes, byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')
const utf7 = (text: string): string =>
  text.replaceAll(
    /[z.]/g,
    sign => `+${wide(sign).swap16().toString('base64').replaceAll('=', '')}-`,
  )

type Spelling = readonly [kind: string, write: (value: string) => string]

/** Fields that say the name of a file. */
const NAMES: readonly Spelling[] = [
  ['filename, plain', n => `Content-Disposition: attachment; filename=${n}`],
  ['filename, quoted', n => `Content-Disposition: attachment; filename="${n}"`],
  ['name', n => `Content-Type: application/x; name="${n}"`],
  ['name of a text', n => `Content-Type: text/plain; charset=utf-8; name=${n}`],
  ['with a star', n => `Content-Disposition: attachment; filename*=utf-8''${percent(latin(n))}`],
  [
    'with a star, UTF-16',
    n => `Content-Disposition: attachment; filename*=utf-16le''${percent(wide(n))}`,
  ],
  [
    'in pieces',
    n =>
      `Content-Disposition: attachment; filename*0*=utf-8''${percent(latin(n.slice(0, 4)))};\r\n filename*1="${n.slice(4)}"`,
  ],
  [
    'in pieces, in reverse order',
    n =>
      `Content-Disposition: attachment; filename*1="${n.slice(4)}"; filename*0="${n.slice(0, 4)}"`,
  ],
  [
    'in pieces, one of another parameter',
    n =>
      `Content-Disposition: attachment; filename*0*=utf-8''${n.slice(0, 4)}; filename*1*=${n.slice(4)}; name*2*=.txt`,
  ],
  ['in pieces, a gap', n => `Content-Disposition: attachment; filename*0=${n}; filename*2=.txt`],
  ['a comment in its name', n => `Content-Disposition: attachment; filena(c)me="${n}"`],
  ['a quote that does not close', n => `Content-Disposition: attachment; filename="${n}`],
  ['no semicolon', n => `Content-Disposition: attachment filename="${n}"; size=1`],
  ['two of them', n => `Content-Disposition: attachment; filename="${n}"; filename="a.txt"`],
  [
    'two of them, the second',
    n => `Content-Disposition: attachment; filename=a.txt; filename=${n}`,
  ],
  ['a star beside none', n => `Content-Disposition: attachment; filename=a.txt; filename*=''${n}`],
  ['a comment', n => `Content-Disposition: attachment; filename=(x) "${n}" (y)`],
  ['a comment in it', n => `Content-Disposition: attachment; filename (x) = "${n}"`],
  ['a comment before it', n => `Content-Disposition: attachment (;x=y); filename="${n}"`],
  ['escapes', n => `Content-Disposition: attachment; filename="${n.replaceAll('.', '\\.')}"`],
  ['a word', n => `Content-Disposition: attachment; filename="=?utf-8?b?${base64(n)}?="`],
  ['a word, plain', n => `Content-Disposition: attachment; filename==?utf-8?q?${n}?=`],
  [
    'a word in UTF-16',
    n => `Content-Disposition: attachment; filename="=?utf-16le?b?${base64(wide(n))}?="`,
  ],
  ['a word in UTF-7', n => `Content-Disposition: attachment; filename="=?utf-7?q?${utf7(n)}?="`],
  [
    'two words',
    n =>
      `Content-Disposition: attachment; filename="=?utf-8?q?${n.slice(0, 5)}?=\r\n =?utf-8?q?${n.slice(5)}?="`,
  ],
  ['folded', n => `Content-Disposition: attachment;\r\n\tfilename="a file\r\n ${n}"`],
  [
    'two fields',
    n => `Content-Disposition: attachment; filename=${n}\r\nContent-Disposition: inline`,
  ],
  ['two types', n => `Content-Type: application/x; name=${n}\r\nContent-Type: text/plain`],
  [
    'a mark in a word',
    n =>
      `Content-Disposition: attachment; filename="${n.slice(0, -2)}=?utf-8?b?${base64(Buffer.from(`\ufeff${n.slice(-2)}`))}?="`,
  ],
  [
    'a mark in a word of UTF-32',
    n =>
      `Content-Disposition: attachment; filename="=?utf-8?q?${n.slice(0, -1)}?= =?utf-32?b?${base64(Buffer.from(`\xff\xfe\0\0${n.slice(-1)}\0\0\0`, 'latin1'))}?="`,
  ],
  [
    'a dot of Arabic',
    n =>
      `Content-Disposition: attachment; filename*=mac-arabic''${percent(latin(n.replace('.', '\xae')))}`,
  ],
  [
    'a quote in the middle',
    n => `Content-Disposition: attachment; filename=${n[0]}"${n.slice(1, -1)}\\${n.slice(-1)}"`,
  ],
  [
    'a quote in the middle, a comma',
    n => `Content-Disposition: attachment; filename=${n[0]}"${n.slice(1)}",`,
  ],
  ['many dots', n => `Content-Disposition: attachment; filename="${n}${'.'.repeat(300)}"`],
  ['space before the colon', n => `Content-Disposition : attachment; filename=${n}`],
]

const ENCODINGS: readonly Spelling[] = [
  ['none', text => `\r\n${text}`],
  ['8bit', text => `Content-Transfer-Encoding: 8bit\r\n\r\n${text}`],
  ['base64', text => `Content-Transfer-Encoding: base64\r\n\r\n${base64(text)}`],
  ['base64, quoted', text => `Content-Transfer-Encoding: "base64"\r\n\r\n${base64(text)}`],
  ['base64, a semicolon', text => `Content-Transfer-Encoding: base64;\r\n\r\n${base64(text)}`],
  ['base64, a comment', text => `Content-Transfer-Encoding: (x) BASE64\r\n\r\n${base64(text)}`],
  [
    'base64, padded in the middle',
    text =>
      `Content-Transfer-Encoding: base64\r\n\r\n${base64(text.slice(0, 10))}\r\n${base64(text.slice(10))}`,
  ],
  [
    'base64 with other signs',
    text => `Content-Transfer-Encoding: base64\r\n\r\n${base64(text).replaceAll(/^../gm, '$&-_!')}`,
  ],
  [
    'base64, then another',
    text =>
      `Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${base64(text)}`,
  ],
  [
    'quoted-printable',
    text => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${text.replaceAll('z', '=7A')}`,
  ],
  ['x-uuencode', text => `Content-Transfer-Encoding: x-uuencode\r\n\r\n${uuencoded(text)}`],
]

const CHARSETS: readonly (readonly [
  kind: string,
  parameter: string,
  write: (text: string) => Buffer,
])[] = [
  ['none', '', latin],
  ['utf-8', '; charset=utf-8', latin],
  ['iso-8859-1', '; charset="ISO_8859-1"', latin],
  ['utf-16le', '; charset=utf-16le', wide],
  ['utf-16be', '; charset=UTF-16BE', text => wide(text).swap16()],
  ['utf-16 with a mark', '; charset=utf-16', text => wide(`\ufeff${text}`)],
  ['utf-7', '; charset=utf-7', text => latin(utf7(text))],
  ['iso-2022-jp', '; charset=iso-2022-jp', text => latin(text.replaceAll('z', '\x1b(Jz\x1b(B'))],
  ['two of them', '; charset=utf-16le; charset=us-ascii', wide],
]

type Boundary = readonly [kind: string, parameter: string, line: string]
const BOUNDARIES = (b: string): readonly Boundary[] => [
  ['plain', `boundary=${b}`, b],
  ['quoted', `boundary="${b}"`, b],
  ['a space at its end', `boundary="${b} "`, b],
  ['a space at its end and in its lines', `boundary="${b} "`, `${b} `],
  ['two of them', `boundary=${b}; boundary=x`, b],
  ['none', 'x=y', b],
  ['two of them, the second', `boundary=x; boundary=${b}`, b],
  ['a quote that does not close', `boundary="${b}`, b],
  ['a comment', `boundary=${b} (x)`, b],
  ['in pieces', `boundary*0=${b}; boundary*1=c`, `${b}c`],
  ['with a star', `boundary*=us-ascii''${b}`, b],
  ['with a star and quotes', `boundary*=us-ascii''"${b}"`, b],
  ['a comment in its name', `boundar(c)y="${b}"`, b],
  ['with signs', `boundary="${b}=_?c"`, `${b}=_?c`],
  ['an escape', `boundary="${b}\\c"`, `${b}c`],
  ['a space in it', `boundary=${b} c`, `${b} c`],
]
const MULTIPARTS = [
  'multipart/mixed',
  'multipart/alternative',
  'Multipart/Related',
  'multipart/digest',
  '"multipart/mixed"',
  'multipart/x (y)',
] as const
const MESSAGES = [
  'message/rfc822',
  'message/global',
  'Message/RFC822',
  'message/partial',
  'message/external-body; access-type=URL',
  'message/delivery-status',
  'message/disposition-notification',
  'Message/Feedback-Report',
  'message/global-delivery-status; charset=utf-8',
] as const
const SIGNS = [
  '\r\n',
  ' ',
  ';',
  '"',
  '=',
  '(',
  ')',
  '\\',
  "'",
  '*',
  '--',
  '?',
  '%',
  '\0',
  '\xe4',
  ',',
] as const

export function oddParts(luck: Random): OddParts {
  const made = new Maker(luck)
  // Addresses with changed bytes are the matter of odd-messages.ts.
  const head = `From: anna@isp.example\r\nTo: ${luck.pick(RECIPIENTS)}\r\nMIME-Version: 1.0\r\n`
  return { message: repaired(head + mutated(made.part(0), luck)), kinds: made.kinds }
}

/** The recipients. */
export const NAMED = ['bert@far.example', 'carl@far.example', 'dora@far.example']

const RECIPIENTS = [
  'bert@far.example',
  'Bert <bert@far.example>, carl@far.example',
  '"Ek, Bert" <bert@far.example>\r\nCc: (x) carl@far.example (y)',
  'bert@far.example\r\nReply-To: =?utf-8?q?carl?= <carl@far.example>',
  'friends: bert@far.example, carl@far.example;\r\nBcc: dora@far.example',
] as const

class Maker {
  readonly kinds = new Map<string, readonly string[]>()
  readonly #luck: Random
  #next = 0

  constructor(luck: Random) {
    this.#luck = luck
  }

  /** Fields, an empty line, and what follows. */
  part(depth: number): string {
    const { chance } = this.#luck
    if (depth < 4 && chance(depth === 0 ? 0.7 : 0.25)) return this.#multipart(depth)
    if (depth < 4 && chance(0.1)) return this.#message(depth)
    return chance(0.5) ? this.#file() : this.#text()
  }

  #multipart(depth: number): string {
    const { pick, below, chance } = this.#luck
    const [kind, parameter, line] = pick(BOUNDARIES(pick(['b', 'b1', 'bb'])))
    const type = pick(MULTIPARTS)
    const before = this.#next
    const parts = Array.from(
      { length: 1 + below(3) },
      // Without a header of its own, in a digest, it is a message.
      () => `--${line}\r\n${chance(0.2) ? '\r\n' : ''}${this.part(depth + 1)}\r\n`,
    )
    this.#holds(before, `boundary: ${kind}`)
    this.#holds(before, `type: ${type}`)
    const end = chance(0.8) ? `--${line}--\r\n` : ''
    return `Content-Type: ${type}; ${parameter}\r\n\r\nA preamble.\r\n${parts.join('')}${end}An epilogue.\r\n`
  }

  #message(depth: number): string {
    const { pick, chance } = this.#luck
    const type = pick(MESSAGES)
    const before = this.#next
    // In a report another block follows on an empty line.
    const first = /report|status|notification/i.test(type) && chance(0.5) ? 'X: y\r\n\r\n' : ''
    const inside = `${first}Subject: x\r\n${this.part(depth + 1)}`
    this.#holds(before, `type: ${type}`)
    return `Content-Type: ${type}\r\n\r\n${inside}`
  }

  #file(): string {
    const [kind, write] = this.#luck.pick(NAMES)
    const mark = this.#mark(`name: ${kind}`)
    return `${write(`${mark}.exe`)}\r\n\r\nMZ\r\n`
  }

  #text(): string {
    const { pick } = this.#luck
    const [charset, parameter, write] = pick(CHARSETS)
    const [encoding, encode] = pick(ENCODINGS)
    const subtype = pick(['plain', 'html'])
    const mark = this.#mark(`charset: ${charset}`, `encoding: ${encoding}`)
    const bytes = write(`see http://${mark}.example/ now\r\n`).toString('latin1')
    return `Content-Type: text/${subtype}${parameter}\r\n${encode(bytes)}\r\n`
  }

  #mark(...kinds: readonly string[]): string {
    const mark = `zq${this.#next++}qz`
    this.kinds.set(mark, kinds)
    return mark
  }

  /** All marks from `first` on stand in something of this kind. */
  #holds(first: number, kind: string): void {
    for (let i = first; i < this.#next; i++)
      this.kinds.set(`zq${i}qz`, [...(this.kinds.get(`zq${i}qz`) ?? []), kind])
  }
}

function uuencoded(text: string): string {
  const rows = text.match(/[^]{1,45}/g) ?? []
  const sign = (value: number) => String.fromCharCode((value & 63) + 32)
  const lines = rows.map(row => {
    const bytes = latin(row.padEnd(Math.ceil(row.length / 3) * 3, '\0'))
    let line = sign(row.length)
    for (let i = 0; i < bytes.length; i += 3) {
      const held = bytes.readUIntBE(i, 3)
      line += [18, 12, 6, 0].map(shift => sign(held >> shift)).join('')
    }
    return line
  })
  return `begin 644 x\r\n${lines.join('\r\n')}\r\n\`\r\nend`
}

/** Most are as they were made: where only one thing is odd a fault shows most clearly. */
function mutated(text: string, { below, chance, pick }: Random): string {
  let changed = text
  while (chance(0.3)) {
    const at = below(changed.length + 1)
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
