import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Held } from '../../ports/network-control.ts'
import { unconfirmed } from './unconfirmed.ts'

const entry = (last: number, more: Partial<Held> = {}): Held => ({
  realm: 'main',
  prefix: `192.0.2.${last}/32`,
  subscriber: `kd${last}`,
  state: 'isolated',
  walledGarden: false,
  ...more,
})

test('what a device has not confirmed is one row for each kind of answer; what is said just now, and what stands, is none', () => {
  const silent = { standing: 'unanswered', words: 'no answer from 127.0.0.1' } as const
  assert.deepEqual(
    unconfirmed('bng', [
      entry(1),
      entry(2, silent),
      entry(3, { standing: 'unsure' }),
      entry(4, silent),
      entry(5, { standing: 'refused', words: 'not allowed' }),
    ]),
    [
      {
        what: 'not confirmed: unanswered',
        about: 'bng',
        words: 'unanswered: 2 entries, among them 192.0.2.2/32 of kd2: no answer from 127.0.0.1',
      },
      {
        what: 'not confirmed: refused',
        about: 'bng',
        words: 'refused: 192.0.2.5/32 of kd5: not allowed',
      },
    ],
  )
})
