// Fuzzing of the milter session: packets in any order, against what the protocol says written down once more as plainly as
// possible: who is owed an answer, which bytes make the message, for whom it is. It first shows that it finds bugs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { MilterDecoder, type Packet } from '../../src/doors/milter/codec.ts'
import {
  type Input,
  INITIAL,
  type MilterSetup,
  type Reaction,
  type State,
  step,
} from '../../src/doors/milter/session.ts'
import { ACCEPT, type Verdict } from '../../src/model/verdict.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const SEED = fuzzSeed()

const SETUP: MilterSetup = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
  maxSize: 40,
}
const NOW = { at: 1, session: 's' }
const OFFERS = [0, 0x80, 0x8_0000, 0x1f_ffff]
const VERDICTS: readonly Verdict[] = [
  ACCEPT,
  ACCEPT,
  { kind: 'reject', reason: 'listed' },
  { kind: 'defer', reason: 'greylisted' },
  { kind: 'hold', reason: 'over-limit', until: 2 },
]
const refuses = ({ kind }: Verdict) => kind === 'reject' || kind === 'defer'

function packet({ pick, below }: Random): Packet {
  const kind = pick([
    ...(['connect', 'helo', 'mail', 'mail', 'rcpt', 'rcpt', 'rcpt'] as const),
    ...(['header', 'header', 'end-of-header', 'body', 'body', 'end', 'end'] as const),
    ...(['abort', 'new-connection', 'data', 'unknown', 'macros'] as const),
  ])
  switch (kind) {
    case 'connect':
      return { kind, family: pick(['4', '4', '4', 'L', 'U']), address: '198.51.100.7', port: 9 }
    case 'helo':
      return { kind, name: 'mx.example' }
    case 'mail':
    case 'rcpt':
      return { kind, path: pick(['', 'a@b.example', 'c@d.example']), params: [] }
    case 'header':
      return { kind, name: 'A', value: pick([' b', '', ' b\n c']) }
    case 'body':
    case 'end':
      return { kind, bytes: Buffer.alloc(below(20), 'x') }
    case 'macros':
      return { kind, of: pick(['M', 'H']), values: new Map([['auth_authen', pick(['', 'anna'])]]) }
    default:
      return { kind }
  }
}

/** Plays packets and throws at the first thing that should not be. */
function play(stepper: typeof step, luck: Random, packets: number): void {
  const steps = luck.pick(OFFERS)
  const negotiated = stepper(
    INITIAL,
    { kind: 'negotiate', version: 6, actions: 0x1ff, steps },
    SETUP,
    NOW,
  )
  let { state } = negotiated
  const owes = (kind: Packet['kind']) =>
    !['macros', 'abort', 'new-connection'].includes(kind) &&
    !(kind === 'header' && steps & 0x80) &&
    !(kind === 'connect' && steps & 0x1000) &&
    !(kind === 'data' && steps & 0x1_0000) &&
    !(kind === 'end-of-header' && steps & 0x4_0000) &&
    !(kind === 'body' && steps & 0x8_0000)
  // The plain story of one message.
  let known = false
  let begun = false
  const isMailed = () => begun && known
  let recipients: string[] = []
  let bytes = ''
  let draft: string | undefined
  for (let i = 0; i < packets; i++) {
    const given = packet(luck)
    // A client without an address that has logged in is in src/doors/milter/session.test.ts: no server tells of a login in the middle of a message.
    if (given.kind === 'macros' && !known) continue
    if (given.kind === 'connect' && given.family !== '4' && state.macros.has('auth_authen'))
      continue
    let next: Input | undefined = given
    let answers = 0
    while (next) {
      const reaction: Reaction = stepper(state, next, SETUP, NOW)
      state = reaction.state
      if (reaction.drop) draft = undefined
      if (reaction.open) {
        assert.equal(draft, undefined, 'a message is begun while another is there')
        assert.deepEqual(reaction.open.recipients, recipients)
        draft = ''
      }
      if (reaction.write) {
        assert.notEqual(draft, undefined, 'bytes of no message')
        draft += Buffer.from(reaction.write).toString('latin1')
      }
      answers += reaction.say.filter(({ kind }) => kind !== 'quarantine').length
      const { ask } = reaction
      const verdict = luck.pick(VERDICTS)
      if (ask?.ask === 'finish') {
        const last = given.kind === 'end' ? Buffer.from(given.bytes).toString('latin1') : ''
        assert.equal(draft, bytes + last, 'another message than was sent')
        draft = undefined
      }
      if (ask?.ask === 'judge' && ask.about === 'rcpt' && !refuses(verdict))
        recipients.push(ask.step.recipient ?? '')
      next = ask && { kind: 'judged', asked: ask, judgement: { verdict } }
    }
    assert.equal(answers, owes(given.kind) ? 1 : 0, `answers to ${given.kind}`)
    switch (given.kind) {
      case 'connect':
        known = given.family === '4'
        begun = false
        break
      case 'new-connection':
        known = false
        begun = false
        break
      case 'mail':
        begun = true
        break
      case 'abort':
      case 'end':
        begun = false
        break
      case 'header': {
        const space = steps & 0x10_0000 ? '' : ' '
        if (isMailed() && recipients.length > 0)
          bytes += `A:${space}${given.value.replaceAll('\n', '\r\n')}\r\n`
        break
      }
      case 'end-of-header':
        if (isMailed() && recipients.length > 0) bytes += '\r\n'
        break
      case 'body':
        if (isMailed() && recipients.length > 0)
          bytes += Buffer.from(given.bytes).toString('latin1')
        break
      default:
        break
    }
    if (!isMailed() || given.kind === 'mail') {
      recipients = []
      bytes = ''
    }
  }
}

const changed =
  (change: (reaction: Reaction, input: Input, before: State) => Reaction): typeof step =>
  (state, input, setup, now) =>
    change(step(state, input, setup, now), input, state)

const BUGS: Readonly<Record<string, typeof step>> = {
  'every packet is answered': changed((reaction, input) =>
    input.kind === 'body' ? { ...reaction, say: [{ kind: 'continue' }] } : reaction,
  ),
  'a reset leaves the message': changed(({ drop: _drop, ...reaction }, input, before) =>
    input.kind === 'abort' ? { ...reaction, state: before } : reaction,
  ),
  'whoever was refused gets it, too': changed((reaction, input) => {
    const { mail } = reaction.state
    if (input.kind !== 'judged' || input.asked.ask !== 'judge' || !mail) return reaction
    if (!refuses(input.judgement.verdict) || input.asked.about !== 'rcpt') return reaction
    const recipients = [...mail.recipients, input.asked.step.recipient ?? '']
    return { ...reaction, state: { ...reaction.state, mail: { ...mail, recipients } } }
  }),
  'the last piece of a body is lost': changed(({ write, ...reaction }, input) =>
    write && input.kind !== 'end' ? { ...reaction, write } : reaction,
  ),
  'folded lines are joined': changed((reaction, input) =>
    input.kind === 'header' && reaction.write
      ? {
          ...reaction,
          write: Buffer.from(
            Buffer.from(reaction.write).toString('latin1').replaceAll('\r\n ', ' '),
          ),
        }
      : reaction,
  ),
}

for (const [name, stepper] of Object.entries(BUGS)) {
  test(`the milter fuzzer finds a planted bug: ${name}`, () => {
    const luck = random('7')
    assert.throws(() => {
      for (let i = 0; i < 20_000; i++) play(stepper, luck, 20)
    })
  })
}

test(`milter sessions do what they should, ${SECONDS / 2} s`, t => {
  const until = Date.now() + (SECONDS * 1000) / 2
  const luck = random(String(SEED))
  let sessions = 0
  for (; Date.now() < until; sessions++) play(step, luck, 40)
  t.diagnostic(`${sessions.toLocaleString('en')} sessions from seed ${SEED}`)
})

test(`bytes of any kind are a packet, or bad, or wait; and none is read twice, ${SECONDS / 4} s`, () => {
  const until = Date.now() + (SECONDS * 1000) / 4
  const { below, chance } = random(String(SEED))
  while (Date.now() < until) {
    const decoder = new MilterDecoder()
    let given = 0
    for (let i = 0; i < 20; i++) {
      const data = Buffer.from(Array.from({ length: below(30) }, () => below(256)))
      const head = Buffer.alloc(4)
      head.writeUInt32BE(chance(0.9) ? data.length : below(2 ** 31))
      const bytes = Buffer.concat([head, data])
      given += bytes.length
      for (let at = 0; at < bytes.length; at += 7) decoder.push(bytes.subarray(at, at + 7))
      for (let one = decoder.next(); one; one = decoder.next()) if (one === 'bad') break
      assert.ok(decoder.waiting <= given)
    }
  }
})
