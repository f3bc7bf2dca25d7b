// A clock is put back by some seconds, and what its access server tells from then on looks as if it had waited so long. Which of both it was, is
// not known until enough of it agree: what begins or ends meanwhile did so at some time between its stamp and when it came.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toldSessions } from '../../../test/support/told-sessions.ts'

const X = '198.51.100.1'

test('what a clock that was put back tells makes the next customer certain of no minute of the former one', () => {
  for (const back of [8, 20, 29]) {
    const { tell, who } = toldSessions()
    tell('start', 'kd1', [X], { now: 20 })
    tell('interim', 'kd1', [X], { now: 50 })
    tell('stop', 'kd1', [X], { now: 90, stamp: 90 - back })
    tell('start', 'kd2', [X], { now: 93, stamp: 93 - back })
    assert.equal(who(X), 'certain kd2')
    for (const at of [91 - back, 88, 92]) assert.equal(who(X, at), 'ambiguous', `${back} ${at}`)
    assert.equal(who(X, 55), 'certain kd1')
    assert.equal(who(X, 97), 'certain kd2')
  }
})

test('so it is when the Stop is lost, or there is no next customer, and when an update names another address', () => {
  const { tell, who } = toldSessions()
  tell('start', 'kd1', [X], { now: 20 })
  tell('start', 'kd2', [X], { now: 93, stamp: 73 })
  assert.deepEqual([who(X, 60), who(X, 85)], ['certain kd1', 'ambiguous'])
  tell('stop', 'kd2', [X], { now: 190, stamp: 170 })
  assert.deepEqual([who(X, 160), who(X, 180), who(X, 197)], ['certain kd2', 'ambiguous', 'unknown'])
  const other = toldSessions()
  other.tell('start', 'kd1', [X], { now: 20 })
  other.tell('interim', 'kd1', ['198.51.100.2'], { now: 93, stamp: 73 })
  assert.deepEqual([other.who(X, 85), other.who('198.51.100.2', 85)], ['ambiguous', 'ambiguous'])
})
