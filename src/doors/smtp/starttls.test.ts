// RFC 3207 §4.2: of what the client has said before TLS nothing counts. What we have noticed does.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import { step } from './session.ts'
import { INITIAL, type Input, type State } from './state.ts'

const after = (inputs: readonly Input[], from: State): State =>
  inputs.reduce((state, input) => step(state, input, setup).state, from)

const GREETED: State = { ...INITIAL, phase: 'greeted', helo: 'client.example', extended: true }

test('a client that talks before the greeting has done so after STARTTLS too', () => {
  const early = { ...after([{ kind: 'connected', early: true }], INITIAL), ...GREETED }
  assert.deepEqual(early.violations, ['early-talk'])
  const asks = after([{ kind: 'line', text: 'STARTTLS' }], early)
  assert.deepEqual(asks.violations, ['early-talk'])
  assert.deepEqual(after([{ kind: 'secured' }], asks).violations, ['early-talk'])
})

test('what was sent together with STARTTLS is noticed, and its errors stay counted', () => {
  const secured = after(
    [
      { kind: 'line', text: 'NONSENSE' },
      { kind: 'line', text: 'STARTTLS', more: true },
      { kind: 'secured' },
    ],
    GREETED,
  )
  assert.deepEqual(secured, { ...INITIAL, tls: true, errors: 1, violations: ['pipelining'] })
})

test('name and login of before are forgotten: another name afterwards is no change', () => {
  const secured = after([{ kind: 'line', text: 'STARTTLS' }, { kind: 'secured' }], {
    ...GREETED,
    login: 'anna@isp.example',
  })
  assert.deepEqual(secured, { ...INITIAL, tls: true })
  const again = after([{ kind: 'line', text: 'EHLO other.example' }], secured)
  assert.equal(again.violations, undefined)
})
