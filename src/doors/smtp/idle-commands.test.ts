import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT } from '../../model/verdict.ts'
import { step } from './session.ts'
import { INITIAL, type Input, type Reaction, type Setup, type State } from './state.ts'

const SETUP: Setup = {
  listener: 'inbound',
  ourName: 'mail.isp.example',
  maxSize: 1000,
  maxRecipients: 3,
  tlsAvailable: true,
  bareNewlines: 'reject',
  scram: false,
  greetPause: 0,
  mayXclient: false,
  postmaster: 'postmaster@isp.example',
}
const YES: Input = { kind: 'judged', judgement: { verdict: ACCEPT } }

/** Says these lines again and again, until the session ends; what it said last, and how many lines that took. */
function saidUntilTheEnd(lines: readonly string[], most: number) {
  let state: State = { ...INITIAL, phase: 'greeted', helo: 'a', extended: true }
  const take = (input: Input) => {
    const reaction = step(state, input, SETUP)
    state = reaction.state
    return reaction
  }
  for (let i = 0; i < most; i++) {
    let reaction: Reaction = take({ kind: 'line', text: lines[i % lines.length] ?? '' })
    if (reaction.ask) reaction = take(reaction.ask.ask === 'open' ? { kind: 'opened' } : YES)
    if (reaction.then === 'read-chunk') reaction = take(CHUNK_END)
    if (reaction.ask) reaction = take(YES)
    if (reaction.then === 'close')
      return { said: i + 1, last: reaction.output, tooMany: reaction.tooMany }
  }
  return { said: most, last: '', tooMany: undefined }
}

const CHUNK_END: Input = { kind: 'chunk-end', repaired: false, tooLarge: false }

for (const lines of [
  ['NOOP'],
  ['VRFY a'],
  ['HELP'],
  ['RSET'],
  ['EHLO a'],
  ['HELO a', 'NOOP', 'VRFY b', 'EHLO a'],
]) {
  test(`${lines.join(', ')} without end: a hundred, and that is all`, () => {
    const { said, last, tooMany } = saidUntilTheEnd(lines, 1000)
    assert.equal(said, 101)
    assert.equal(tooMany, 'commands without a message')
    assert.match(last, /421 4\.7\.0 mail\.isp\.example Too many commands without a message\r\n$/)
  })
}

test('transactions that are given up count by their RSET', () => {
  const { said } = saidUntilTheEnd(
    ['MAIL FROM:<a@b.example>', 'RCPT TO:<c@isp.example>', 'RSET'],
    1000,
  )
  assert.equal(said, 303)
})

const MESSAGE = ['MAIL FROM:<a@b.example>', 'RCPT TO:<c@isp.example>', 'BDAT 0 LAST']

test('a message that is taken makes up for those before it', () => {
  assert.equal(saidUntilTheEnd([...MESSAGE, 'NOOP', 'RSET'], 3000).said, 3000)
})

test('empty chunks are not a message', () => {
  const empty = Array.from({ length: 200 }, () => 'BDAT 0')
  assert.equal(saidUntilTheEnd([...MESSAGE.slice(0, 2), ...empty], 1000).said, 103)
})
