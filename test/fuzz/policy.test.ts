// Fuzzing of Postfix's policy delegation: requests well and badly made, cut anywhere, against what the protocol says written
// down once more as plainly as possible. It first shows that it finds bugs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import {
  PolicyDecoder,
  type PolicyRequest,
  requestOf,
} from '../../src/doors/policy-delegation/codec.ts'
import { type Memory, remember, stepsOf } from '../../src/doors/policy-delegation/session.ts'
import { setupOf } from '../../src/doors/policy-delegation/step-of-request.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { ACCEPT } from '../../src/model/verdict.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const SEED = fuzzSeed()

type Decoder = Pick<PolicyDecoder, 'push' | 'next'>
type DecodedRequests = readonly (PolicyRequest | 'bad')[]
const READ = Object.keys(requestOf([])) as readonly (keyof PolicyRequest)[]

const readOf = (known: ReadonlyMap<string, string>): PolicyRequest => ({
  ...requestOf([]),
  ...Object.fromEntries(READ.map(name => [name, known.get(name) ?? ''])),
})

/** Ends at the first bad one, as a connection does. */
function reference(text: string): DecodedRequests {
  const found: (PolicyRequest | 'bad')[] = []
  let rest = text
  for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
    const lines = rest.slice(0, end).split('\n')
    rest = rest.slice(end + 2)
    const pairs = lines.map(line => /^([^=]+)=([\s\S]*)$/.exec(line))
    const known = new Map(pairs.map(pair => [pair?.[1] ?? '', pair?.[2] ?? '']))
    if (pairs.includes(null) || known.get('request') !== 'smtpd_access_policy')
      return [...found, 'bad']
    found.push(readOf(known))
  }
  return found
}

function decoded(decoder: Decoder, pieces: readonly Uint8Array[]): DecodedRequests {
  const found: (PolicyRequest | 'bad')[] = []
  for (const piece of pieces) {
    decoder.push(piece)
    for (let one = decoder.next(); one; one = decoder.next()) {
      found.push(one)
      if (one === 'bad') return found
    }
  }
  return found
}

const PIECES = [
  'request=smtpd_access_policy\n',
  'request=smtpd_access_policy\n',
  'request=other\n',
  'protocol_state=RCPT\n',
  'protocol_state=END-OF-MESSAGE\n',
  'protocol_state=MAIL\n',
  'client_address=198.51.100.7\n',
  'client_address=unknown\n',
  'sender=a=b@meadow.example\n',
  'recipient=jürgen@isp.example\n',
  'recipient=\n',
  'instance=1\n',
  'instance=2\n',
  'sasl_username=Anna\n',
  // A name that would match another, if it were an expression.
  'si.e=1\n',
  'size=1\n',
  'stress=1\n',
  'size=99999999999999999999\n',
  'client_port=-1\n',
  '=x\n',
  'no equals sign\n',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\0=\0\n',
] as const

function stream(luck: Random): string {
  const { chance, pick } = luck
  let text = ''
  for (let i = 0; i < 3 + luck.below(25); i++) text += pick(PIECES)
  if (chance(0.5)) return text
  const one = `request=smtpd_access_policy\n${text}\n`
  // One like the other, as Postfix sends them, then one that is nearly so: by two alike it is learned how requests look.
  return chance(0.5) ? one : `${one}${one}${one.replace(pick(PIECES), pick(PIECES))}${one}`
}

function cut(text: string, luck: Random): Uint8Array[] {
  const bytes = Buffer.from(text)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = luck.chance(0.3) ? 1 : 1 + luck.below(40)
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}

/** Throws at the first stream that is read otherwise than it should be. */
function fuzz(make: () => Decoder, seed: number, streams: number): void {
  const luck = random(String(seed))
  for (let i = 0; i < streams; i++) {
    const text = stream(luck)
    assert.deepEqual(decoded(make(), cut(text, luck)), reference(text), JSON.stringify(text))
  }
}

/** A decoder that somebody could have written. */
function buggy(
  read: (text: string) => { request: PolicyRequest | 'bad'; used: number } | undefined,
) {
  return (): Decoder => {
    let text = ''
    return {
      push: chunk => {
        text += Buffer.from(chunk).toString()
      },
      next: () => {
        const found = read(text)
        if (!found) return undefined
        text = text.slice(found.used)
        return found.request
      },
    }
  }
}
const parse = (lines: readonly string[], separator = /=/): PolicyRequest =>
  readOf(
    new Map(
      lines.map(line => {
        const [name = '', ...value] = line.split(separator)
        return [name, value.join('=')] as const
      }),
    ),
  )
const framed = (make: (lines: string[]) => PolicyRequest | 'bad') =>
  buggy(text => {
    const end = text.indexOf('\n\n')
    return end < 0 ? undefined : { request: make(text.slice(0, end).split('\n')), used: end + 2 }
  })

const BUGS: Readonly<Record<string, () => Decoder>> = {
  'whatever arrives at once is one request': buggy(text =>
    text === '' ? undefined : { request: parse(text.trim().split('\n')), used: text.length },
  ),
  'a value ends at its second equals sign': framed(lines =>
    parse(lines.map(line => line.split('=').slice(0, 2).join('='))),
  ),
  'any request is one': framed(lines => parse(lines)),
  'a line without a name is passed over': framed(lines =>
    parse(lines.filter(line => line.includes('=') && !line.startsWith('='))),
  ),
  'UTF-8 is cut with the packets': () => {
    const decoder = new PolicyDecoder()
    return {
      push: chunk => decoder.push(Buffer.from(Buffer.from(chunk).toString())),
      next: () => decoder.next(),
    }
  },
  'CR LF ends lines, too': () => {
    const decoder = new PolicyDecoder()
    return {
      push: chunk =>
        decoder.push(
          Buffer.from(Buffer.from(chunk).toString('latin1').replaceAll('\r', ''), 'latin1'),
        ),
      next: () => decoder.next(),
    }
  },
}

for (const [name, make] of Object.entries(BUGS)) {
  test(`the policy fuzzer finds a planted bug: ${name}`, () => {
    assert.throws(() => fuzz(make, 7, 20_000))
  })
}

test(`requests are read as they stand, ${SECONDS / 2} s`, t => {
  const until = Date.now() + (SECONDS * 1000) / 2
  let streams = 0
  for (let seed = SEED; Date.now() < until; seed++) {
    fuzz(() => new PolicyDecoder(), seed, 1000)
    streams += 1000
  }
  t.diagnostic(`${streams.toLocaleString('en')} streams from seed ${SEED}`)
})

test(`whatever is asked, the steps make sense, ${SECONDS / 2} s`, t => {
  const until = Date.now() + (SECONDS * 1000) / 2
  const luck = random(String(SEED))
  let asked = 0
  while (Date.now() < until) {
    const setup = setupOf({
      listener: 'inbound',
      realm: 'main',
      domain: 'isp.example',
      countAt: luck.pick(['rcpt', 'end-of-message']),
      skipRules: [],
    })
    let memory: Memory | undefined
    for (const request of reference(stream(luck) + stream(luck))) {
      if (request === 'bad') break
      const planned = stepsOf(memory, request, { setup, at: 1 })
      asked++
      for (const step of planned.steps) {
        assert.match(step.client.address, /^[0-9a-f.:]+$/)
        assert.ok(step.client.port >= 0 && step.client.port < 65_536)
        assert.ok(step.size === undefined || Number.isSafeInteger(step.size))
        // A message is counted once: at each recipient, or at its end.
        const isEnd: boolean = request.protocol_state === 'END-OF-MESSAGE'
        const counts: boolean =
          step.stage === 'message' || (step.stage === 'rcpt' && setup.countAt === 'rcpt' && !isEnd)
        assert.equal(step.commits === true, counts)
        const { skipRules = [], recipients = [], recipientCount = 0 } = step
        if (step.stage === 'message') {
          assert.ok(recipientCount >= 1, 'of a message of nobody')
          const isCounted = setup.countAt === 'rcpt' && (memory?.recipients.length ?? 0) > 0
          assert.ok(isCounted || !skipRules.includes('limits'), 'a message that nothing counts')
          assert.ok(recipients.length <= 1000)
        }
      }
      const verdict = luck.chance(0.3) ? ({ kind: 'reject', reason: 'listed' } as const) : ACCEPT
      memory = remember(planned.memory, request, { verdict, stage: 'rcpt' })
      assert.ok(memory.recipients.length <= 1000)
    }
  }
  t.diagnostic(`${asked.toLocaleString('en')} requests from seed ${SEED}`)
})
