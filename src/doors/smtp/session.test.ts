// A session that must end while a message is being taken: its answer comes first, because the message may be kept.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import type { Verdict } from '../../model/verdict.ts'
import { step } from './session.ts'
import { INITIAL, type State } from './state.ts'

const taking: State = {
  ...INITIAL,
  phase: 'data',
  helo: 'client.example',
  login: 'anna@isp.example',
  mail: { sender: 'anna@isp.example', esmtp: {} },
  recipients: ['friend@meadow.example'],
  asked: { ask: 'finish' },
}

for (const end of ['cut', 'shutdown', 'timeout'] as const) {
  test(`${end} while a message is taken: it is answered as it was decided, then the session ends`, () => {
    const waits = step(taking, { kind: end }, setup)
    assert.equal(waits.output, '')
    assert.equal(waits.then, undefined)
    const answers: readonly [Verdict, RegExp][] = [
      [
        { kind: 'hold', reason: 'evidence', until: 1 },
        /^250 2\.0\.0 Ok: queued as M1\r\n421 4\.\d\.\d [^\r]*\r\n$/,
      ],
      [{ kind: 'reject', reason: 'virus' }, /^55\d [^\r]*\r\n421 /],
    ]
    for (const [verdict, expected] of answers) {
      const said = step(
        waits.state,
        { kind: 'judged', judgement: { verdict, message: 'M1' } },
        setup,
      )
      assert.match(said.output, expected)
      assert.equal(said.then, 'close')
      assert.equal(said.state.phase, 'closed')
    }
    const failed = step(waits.state, { kind: 'failed' }, setup)
    assert.match(failed.output, /^45\d [^\r]*\r\n421 /)
    assert.equal(failed.then, 'close')
  })
}

test('cut while something else is asked: the session ends at once', () => {
  const asked = { ask: 'judge', stage: 'rcpt', about: {} } as const
  const said = step({ ...taking, phase: 'mail', asked }, { kind: 'cut' }, setup)
  assert.match(said.output, /^421 /)
  assert.equal(said.then, 'close')
})
