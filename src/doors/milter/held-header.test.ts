// Where the user of a webmail sits is said by a field of the header, which comes after the envelope.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCEPT } from '../../model/verdict.ts'
import { MAX_HELD_HEADER } from './held-header.ts'
import { INITIAL, type Input, type Reaction, step } from './session.ts'

const WEBMAIL = '192.0.2.80'
const SETUP = {
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
  maxSize: 10_000_000,
  isWebmail: (address: string) => address === WEBMAIL,
  webmailHeader: 'x-originating-ip',
} as const

function connection(address: string) {
  let state = INITIAL
  const written: Uint8Array[] = []
  const opened: (string | undefined)[] = []
  const tell = (input: Input): Reaction => {
    const reaction = step(state, input, SETUP, { at: 0, session: 's' })
    state = reaction.state
    if (reaction.open) opened.push(reaction.open.client.address)
    if (reaction.write) written.push(reaction.write)
    return reaction.ask
      ? tell({ kind: 'judged', asked: reaction.ask, judgement: { verdict: ACCEPT } })
      : reaction
  }
  tell({ kind: 'connect', family: '4', address, port: 1 })
  /** What was written of it, and whose it was taken for. */
  return (...fields: readonly (readonly [string, string])[]) => {
    written.length = 0
    tell({ kind: 'macros', of: 'M', values: new Map([['auth_authen', 'anna']]) })
    tell({ kind: 'mail', path: 'anna@isp.example', params: [] })
    tell({ kind: 'rcpt', path: 'bert@isp.example', params: [] })
    for (const [name, value] of fields) tell({ kind: 'header', name, value })
    tell({ kind: 'end-of-header' })
    tell({ kind: 'end', bytes: Buffer.from('hello\r\n') })
    return [opened.pop(), Buffer.concat(written).toString('latin1')] as const
  }
}

const SUBJECT = ['Subject', 'hi'] as const
const said = (value: string) => ['X-Originating-IP', value] as const

test('from a webmail it is its user’s, whatever stands before it, and the message is as it came', () => {
  const message = connection(WEBMAIL)
  for (const [value, address] of [
    ['[198.51.100.7]', '198.51.100.7'],
    ['198.51.100.7', '198.51.100.7'],
    [' [IPv6:2001:db8::7] ', '2001:db8::7'],
  ] as const) {
    const [whose, text] = message(SUBJECT, said(value), ['To', 'x'])
    assert.equal(whose, address)
    assert.equal(text, `Subject: hi\r\nX-Originating-IP: ${value}\r\nTo: x\r\n\r\nhello\r\n`)
  }
})

test('the first of several is the host’s; what is none, or missing, leaves it the host’s own, as is the next message', () => {
  const message = connection(WEBMAIL)
  assert.equal(message(said('198.51.100.7'), said('203.0.113.9'))[0], '198.51.100.7')
  assert.equal(message(SUBJECT)[0], WEBMAIL)
  for (const value of ['', '[]', 'unknown', '198.51.100.7, 203.0.113.9', 'x'.repeat(10_000)])
    assert.equal(message(said(value))[0], WEBMAIL, value.slice(0, 20))
})

test('no other client is believed', () => {
  assert.equal(connection('198.51.100.99')(said('203.0.113.9'))[0], '198.51.100.99')
})

test('no more is held than a header may have', () => {
  const long = 'x'.repeat(60_000)
  const fields = Array.from({ length: 10 }, () => ['X-Long', long] as const)
  const [whose, text] = connection(WEBMAIL)(...fields, said('198.51.100.7'))
  assert.equal(whose, WEBMAIL)
  assert.ok(text.length > 10 * long.length && 10 * long.length > MAX_HELD_HEADER)
})
