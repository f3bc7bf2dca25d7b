// What comes in at a door is taken apart in proportion to its length, however it is cut.

import { assertLinear } from './growth.ts'
import { test } from 'node:test'
import { MilterDecoder } from '../../src/doors/milter/codec.ts'
import {
  INITIAL as MILTER,
  type MilterSetup,
  step as milterStep,
} from '../../src/doors/milter/session.ts'
import { PolicyDecoder } from '../../src/doors/policy-delegation/codec.ts'
import { PolicyAnswers } from '../../src/doors/policy-delegation/answers.ts'
import { SmtpDecoder } from '../../src/doors/smtp/codec.ts'
import { step } from '../../src/doors/smtp/session.ts'
import { INITIAL, type Input, type Reaction, type Setup } from '../../src/doors/smtp/state.ts'
import { ACCEPT } from '../../src/model/verdict.ts'
import { parseProxyHeader } from '../../src/wire/proxy-header.ts'
import { filled, latin, numbered, pieces } from './inputs.ts'

const KIBIBYTE = 1024

const SETUP: Setup = {
  listener: 'submission',
  ourName: 'mail.isp.example',
  postmaster: 'postmaster@isp.example',
  maxSize: 10_000_000,
  maxRecipients: 100,
  tlsAvailable: false,
  bareNewlines: 'normalize',
  scram: true,
  greetPause: 0,
  mayXclient: true,
}

/** The engine that says yes to everything. */
function answerTo({ ask }: Reaction): Input | undefined {
  if (!ask) return undefined
  switch (ask.ask) {
    case 'judge':
    case 'finish':
      return { kind: 'judged', judgement: { verdict: ACCEPT } }
    case 'open':
      return { kind: 'opened' }
    default:
      return { kind: 'failed' }
  }
}

/** A client that says all this, and comes back whenever it is sent away. */
function smtp(said: readonly Buffer[]): void {
  const decoder = new SmtpDecoder()
  let state = INITIAL
  for (const piece of said) {
    decoder.push(piece)
    for (let token = decoder.next(); token; token = decoder.next()) {
      if (token.kind === 'data') continue
      const input: Input =
        token.kind === 'line' || token.kind === 'bad-line' ? token : { ...token, tooLarge: false }
      let reaction = step(state, input, SETUP)
      for (let answer = answerTo(reaction); answer; answer = answerTo(reaction))
        reaction = step(reaction.state, answer, SETUP)
      if (reaction.then === 'read-data') decoder.startData()
      if (reaction.then === 'read-chunk' && reaction.chunk)
        decoder.startChunk(reaction.chunk.size, reaction.chunk)
      state = reaction.state.phase === 'closed' ? INITIAL : reaction.state
    }
  }
}

const GREETING = 'EHLO a.example\r\nMAIL FROM:<a@b.example>\r\n'
const DATA = `${GREETING}RCPT TO:<c@d.example>\r\nDATA\r\n`
const CONVERSATIONS: Readonly<Record<string, (size: number) => string>> = {
  commands: size => filled('NOOP\r\n', size),
  'nothing known': size => filled('X\r\n', size),
  'empty lines': size => filled('\r\n', size),
  'bare newlines': size => filled('a\n', size),
  'a line without an end': size => filled('a', size),
  greetings: size => filled('EHLO a.example\r\n', size),
  recipients: size => GREETING + filled('RCPT TO:<c@d.example>\r\n', size),
  'recipients with parameters': size =>
    GREETING + numbered(i => `RCPT TO:<${i}@d.example> NOTIFY=NEVER ORCPT=rfc822;a\r\n`, size),
  transactions: size => `EHLO a\r\n${filled(`${GREETING}RSET\r\n`, size)}`,
  parameters: size => `${GREETING}${filled(`RCPT TO:<c@d> ${filled('A=B ', 8000)}\r\n`, size)}`,
  routes: size => `${GREETING}${filled(`RCPT TO:<${filled('@a,', 8000)}\r\n`, size)}`,
  quotes: size => `${GREETING}${filled(`RCPT TO:<${filled('"\\', 8000)}\r\n`, size)}`,
  proofs: size => `EHLO a\r\n${filled(`AUTH PLAIN ${filled('AAAA', 8000)}\r\n`, size)}`,
  'names of clients': size => filled(`XCLIENT ${filled('NAME=a ', 8000)}\r\n`, size),
  dots: size => DATA + filled('.\r', size),
  'stuffed dots': size => DATA + filled('\r\n..', size),
  'carriage returns': size => DATA + filled('\r', size),
  newlines: size => DATA + filled('\n', size),
  'chunks of one byte': size =>
    `${GREETING}RCPT TO:<c@d.example>\r\n${filled('BDAT 1\r\na', size)}`,
}

test('SMTP', () => {
  for (const [name, make] of Object.entries(CONVERSATIONS))
    assertLinear(name, {
      from: 32 * KIBIBYTE,
      upTo: 64 * KIBIBYTE,
      perUnit: 50,
      prepare: size => {
        const said = pieces(latin(make(size)), 4096)
        return () => smtp(said)
      },
    })
})

test('SMTP in small pieces: a line is at most looked at anew with each of them', () => {
  for (const name of ['commands', 'recipients', 'dots', 'newlines'])
    assertLinear(`${name}, one by one`, {
      from: 8 * KIBIBYTE,
      upTo: 16 * KIBIBYTE,
      perUnit: 80,
      prepare: size => {
        const said = pieces(latin(CONVERSATIONS[name]?.(size) ?? ''), 1)
        return () => smtp(said)
      },
    })
})

const MILTER_SETUP: MilterSetup = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
  maxSize: 10_000_000,
}

function packet(letter: string, text: string): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(text.length + 1)
  head.write(letter, 4, 'latin1')
  return Buffer.concat([head, latin(text)])
}

function milter(said: readonly Buffer[]): void {
  const decoder = new MilterDecoder()
  let state = MILTER
  for (const piece of said) {
    decoder.push(piece)
    for (let one = decoder.next(); one && one !== 'bad'; one = decoder.next()) {
      const now = { at: 0, session: 's' }
      let reaction = milterStep(state, one, MILTER_SETUP, now)
      if (reaction.ask) {
        const judged = {
          kind: 'judged',
          asked: reaction.ask,
          judgement: { verdict: ACCEPT },
        } as const
        reaction = milterStep(reaction.state, judged, MILTER_SETUP, now)
      }
      state = reaction.state
    }
  }
}

const CONNECTED = Buffer.concat([
  packet('C', 'a.example\x004\x00\x19198.51.100.7\0'),
  packet('H', 'a.example\0'),
  packet('M', '<a@b.example>\0'),
  packet('R', '<c@d.example>\0'),
])
const many = (one: Buffer, size: number): Buffer =>
  Buffer.concat([CONNECTED, ...Array<Buffer>(Math.ceil(size / one.length)).fill(one)])

const PACKETS: Readonly<Record<string, (size: number) => Buffer>> = {
  macros: size => many(packet('D', `M${filled('a\0b\0', 2000)}`), size),
  'header fields': size => many(packet('L', 'A\0b\0'), size),
  'lines of a field': size => many(packet('L', `A\0${filled('\n', 4000)}\0`), size),
  strings: size => many(packet('M', filled('\0', 4000)), size),
  brackets: size => many(packet('M', `${filled('<', 4000)}\0`), size),
  body: size => many(packet('B', 'a'), size),
  bare: size => many(packet('T', ''), size),
  'one packet': size => packet('B', filled('a', size)),
}

test('milter', () => {
  for (const [name, make] of Object.entries(PACKETS))
    for (const piece of [4096, 16])
      assertLinear(`${name} in pieces of ${piece}`, {
        from: 16 * KIBIBYTE,
        upTo: piece === 16 ? 32 * KIBIBYTE : 64 * KIBIBYTE,
        perUnit: 50,
        prepare: size => {
          const said = pieces(make(size), piece)
          return () => milter(said)
        },
      })
})

function policy(said: readonly Buffer[]): void {
  const decoder = new PolicyDecoder()
  const setup = {
    listener: 'inbound',
    realm: 'main',
    domain: 'isp.example',
    countAt: 'end-of-message',
    skipRules: [],
  } as const
  const engine = { judge: () => ({ verdict: ACCEPT }), report: () => undefined }
  const answers = new PolicyAnswers(setup, { engine, now: () => 0 })
  for (const piece of said) {
    decoder.push(piece)
    for (let one = decoder.next(); one && one !== 'bad'; one = decoder.next())
      void answers.answer(one)
  }
}

const ASKED = 'request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.7\n'
const REQUESTS: Readonly<Record<string, (size: number) => string>> = {
  requests: size => filled(`${ASKED}instance=a\n\n`, size),
  'ever other names': size => numbered(i => `${ASKED}a${i}=b\n\n`, size),
  'many names': size => filled(`${ASKED}${numbered(i => `a${i}=\n`, 8000)}\n`, size),
  'a name many times': size => filled(`${ASKED}${filled('a=b\n', 8000)}\n`, size),
  'long values': size => filled(`${ASKED}a=${filled('b', 30_000)}\n\n`, size),
  'ever new messages': size => numbered(i => `${ASKED}instance=${i}\nsize=${i}\n\n`, size),
  'ever new ones that end': size =>
    numbered(i => `${ASKED.replace('RCPT', 'END-OF-MESSAGE')}instance=${i}\n\n`, size),
  'ever new logins': size => numbered(i => `${ASKED}instance=${i}\nsasl_username=${i}\n\n`, size),
  'ever new recipients': size => numbered(i => `${ASKED}instance=a\nrecipient=${i}\n\n`, size),
}

test('policy delegation', () => {
  for (const [name, make] of Object.entries(REQUESTS))
    for (const piece of [65_536, 1448])
      assertLinear(`${name} in pieces of ${piece}`, {
        from: 128 * KIBIBYTE,
        upTo: 256 * KIBIBYTE,
        perUnit: 60,
        prepare: size => {
          const said = pieces(latin(make(size)), piece)
          return () => policy(said)
        },
      })
})

test('PROXY headers', () => {
  for (const unit of ['PROXY ', 'PROXY TCP4 ', ' ', '\r\n\r\n\0\r\nQUIT\n', ':', 'PROXY TCP6 ::'])
    assertLinear(`of ${JSON.stringify(unit)}`, {
      upTo: 64 * KIBIBYTE,
      perUnit: 10,
      prepare: size => {
        const bytes = latin(`${filled(unit, size)}\r\n`)
        return () => parseProxyHeader(bytes)
      },
    })
})
