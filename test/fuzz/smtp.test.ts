// Fuzzing of the SMTP door: ten seconds each here, longer with CORDON_FUZZ_SECONDS. Each fuzzer first shows that it
// finds bugs: five and more are planted, and every one must be found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { SmtpDecoder, type Token } from '../../src/doors/smtp/codec.ts'
import { step } from '../../src/doors/smtp/session.ts'
import { random } from '../../src/simulation/population/random.ts'
import { type StepFunction, walk } from './session-walk.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const SEED = fuzzSeed()

/** Bugs as somebody could have written them. */
const SESSION_BUGS: Readonly<Record<string, StepFunction>> = {
  'RSET keeps the recipients': (state, input, setup) => {
    const next = step(state, input, setup)
    const reset = input.kind === 'line' && input.text === 'RSET'
    return reset ? { ...next, state: { ...next.state, recipients: state.recipients } } : next
  },
  'a password before TLS': (state, input, setup) =>
    input.kind === 'line' && input.text.startsWith('AUTH PLAIN A')
      ? {
          state: { ...state, asked: { ask: 'verify', login: 'a', password: 'b' } },
          output: '',
          ask: { ask: 'verify', login: 'a', password: 'b' },
        }
      : step(state, input, setup),
  'a proof that is enough without a judgement': (state, input, setup) => {
    const next = step(state, input, setup)
    return input.kind === 'verified' && input.signature !== undefined
      ? {
          state: { ...state, login: input.login },
          output: '235 2.7.0 Authentication successful\r\n',
        }
      : next
  },
  'STARTTLS keeps the login': (state, input, setup) => {
    const next = step(state, input, setup)
    return next.then === 'start-tls'
      ? { ...next, state: { ...next.state, helo: state.helo } }
      : next
  },
  '250 before the message is taken': (state, input, setup) => {
    const next = step(state, input, setup)
    return next.ask?.ask === 'finish' ? { ...next, output: '250 2.0.0 Ok: M1\r\n' } : next
  },
  'a login that is stopped is cut before the answer to its message': (state, input, setup) => {
    const { asked, ...rest } = state
    return input.kind === 'cut' && asked ? step(rest, input, setup) : step(state, input, setup)
  },
  'one recipient too many': (state, input, setup) =>
    step(state, input, { ...setup, maxRecipients: setup.maxRecipients + 1 }),
  'a reply without its end': (state, input, setup) => {
    const next = step(state, input, setup)
    return input.kind === 'line' && input.text === 'VRFY anna'
      ? { ...next, output: next.output.trimEnd() }
      : next
  },
  'mistakes are not counted': (state, input, setup) => {
    const next = step({ ...state, errors: 0 }, input, setup)
    return next.state.phase === 'closed'
      ? next
      : { ...next, state: { ...next.state, errors: state.errors + next.state.errors } }
  },
  'RSET forgets to drop what has come of a message': (state, input, setup) => {
    const { then, ...rest } = step(state, input, setup)
    const reset = input.kind === 'line' && input.text === 'RSET'
    return then === undefined || reset ? rest : { ...rest, then }
  },
}

for (const [name, buggy] of Object.entries(SESSION_BUGS)) {
  test(`the session fuzzer finds a planted bug: ${name}`, () => {
    assert.throws(() => walk(buggy, 7, 400_000))
  })
}

test(`the session keeps its rules, ${SECONDS} s of random walks`, t => {
  const until = Date.now() + SECONDS * 1000
  let steps = 0
  for (let seed = SEED; Date.now() < until; seed++) {
    try {
      walk(step, seed, 50_000)
    } catch (error) {
      throw new Error(`CORDON_FUZZ_SEED=${seed}: ${(error as Error).message}`, { cause: error })
    }
    steps += 50_000
  }
  t.diagnostic(`${steps.toLocaleString('en')} steps from seed ${SEED}`)
})

type Decoder = Pick<SmtpDecoder, 'push' | 'next' | 'startData' | 'startChunk'>
type Message = { readonly bytes: string; readonly repaired: boolean; readonly rest: string }

/** What RFC 5321 §4.1.1.4 says, written down as plainly as possible and not as fast as possible. */
function reference(stream: string): Message | undefined {
  const end = `\r\n${stream}`.indexOf('\r\n.\r\n')
  if (end < 0) return undefined
  const sent = stream.slice(0, end)
  const unstuffed = `\r\n${sent}`.replaceAll('\r\n.', '\r\n').slice(2)
  const bytes = unstuffed.replace(/\r\n|\r|\n/g, '\r\n')
  return { bytes, repaired: bytes !== unstuffed, rest: stream.slice(end + 3) }
}

function decoded(decoder: Decoder, pieces: readonly string[]): Message | undefined {
  decoder.startData()
  let bytes = ''
  let end: Token | undefined
  for (const piece of pieces) {
    decoder.push(Buffer.from(piece, 'latin1'))
    while (!end) {
      const token = decoder.next()
      if (!token) break
      if (token.kind === 'data') bytes += Buffer.from(token.bytes).toString('latin1')
      else end = token
    }
  }
  if (end?.kind !== 'data-end') return undefined
  return { bytes, repaired: end.repaired, rest: '' }
}

const PIECES = [
  '\r\n',
  '\r',
  '\n',
  '.',
  '..',
  '\r\n.',
  '.\r\n',
  '\r\n.\r\n',
  '\0',
  'a',
  'bc',
  ' ',
  'é',
  '\r\n..\r\n',
]

/** Compares the decoder with the reference on random streams, cut at random places. */
function compare(make: () => Decoder, seed: number, rounds: number): void {
  const { below, pick } = random(String(seed))
  for (let i = 0; i < rounds; i++) {
    let stream = ''
    for (let n = below(14); n >= 0; n--) stream += pick(PIECES)
    const cuts: string[] = []
    for (let at = 0; at < stream.length; ) {
      const length = 1 + below(5)
      cuts.push(stream.slice(at, at + length))
      at += length
    }
    const want = reference(stream)
    const got = decoded(make(), cuts)
    const same = want?.bytes === got?.bytes && want?.repaired === got?.repaired
    if (!same)
      throw new Error(
        `${JSON.stringify(cuts)}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`,
      )
  }
}

/** A decoder before which somebody meddles with the bytes. */
const meddled =
  (change: (bytes: string) => string): (() => Decoder) =>
  () => {
    const decoder = new SmtpDecoder()
    return {
      startData: () => decoder.startData(),
      startChunk: (size, place) => decoder.startChunk(size, place),
      next: () => decoder.next(),
      push: chunk => decoder.push(Buffer.from(change(chunk.toString('latin1')), 'latin1')),
    }
  }

const CODEC_BUGS: Readonly<Record<string, () => Decoder>> = {
  'a bare newline is a line end': meddled(bytes => bytes.replace(/(?<!\r)\n/g, '\r\n')),
  'a bare carriage return is a line end': meddled(bytes => bytes.replace(/\r(?!\n)/g, '\r\n')),
  'NUL is skipped': meddled(bytes => bytes.replaceAll('\0', '')),
  'two dots are one': meddled(bytes => bytes.replaceAll('..', '.')),
  'eight bits become seven': meddled(bytes => bytes.replace(/[\x80-\xff]/g, '?')),
}

for (const [name, buggy] of Object.entries(CODEC_BUGS)) {
  test(`the codec fuzzer finds a planted bug: ${name}`, () => {
    assert.throws(() => compare(buggy, 7, 20_000))
  })
}

test(`the codec does what the RFC says, ${SECONDS} s of random streams`, t => {
  const until = Date.now() + SECONDS * 1000
  let streams = 0
  for (let seed = SEED; Date.now() < until; seed++) {
    try {
      compare(() => new SmtpDecoder(), seed, 5000)
    } catch (error) {
      throw new Error(`CORDON_FUZZ_SEED=${seed}: ${(error as Error).message}`, { cause: error })
    }
    streams += 5000
  }
  t.diagnostic(`${streams.toLocaleString('en')} streams from seed ${SEED}`)
})
