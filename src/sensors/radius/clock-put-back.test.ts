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

test('a Stop that is older than the last update leaves a doubt, which copies of that update do not end, also after a restart', () => {
  for (const isKilled of [false, true])
    for (const began of [20, 75]) {
      const { tell, who, restart, sweep } = toldSessions()
      tell('interim', 'kd9', ['198.51.100.9'], { now: 10 })
      tell('start', 'kd1', [X], { now: began })
      tell('interim', 'kd1', [X], { now: 80 })
      // By a clock that was put back by 20 seconds meanwhile.
      tell('stop', 'kd1', [X], { now: 84, stamp: 64 })
      assert.deepEqual([who(X), who(X, 78)], ['ambiguous', 'certain kd1'])
      if (isKilled) restart(84.5)
      tell('interim', 'kd1', [X], { now: 85, stamp: 80 })
      assert.equal(who(X), 'ambiguous')
      tell('interim', 'kd9', ['198.51.100.9'], { now: 600 })
      sweep(600)
      assert.equal(who(X), 'ambiguous')
      tell('interim', 'kd9', ['198.51.100.9'], { now: 690 })
      sweep(690)
      assert.deepEqual([who(X), who(X, 78)], ['unknown', 'certain kd1'])
      tell('interim', 'kd1', [X], { now: 691, stamp: 80 })
      assert.equal(who(X), 'unknown')
    }
})

test('the next customer is not in doubt by a copy of the former one’s last update', () => {
  const { tell, who } = toldSessions()
  tell('start', 'kd1', [X], { now: 20 })
  tell('interim', 'kd1', [X], { now: 80 })
  tell('stop', 'kd1', [X], { now: 84, stamp: 64 })
  tell('start', 'kd2', [X], { now: 86, stamp: 66 })
  assert.equal(who(X), 'certain kd2')
  tell('interim', 'kd1', [X], { now: 87, stamp: 80 })
  assert.equal(who(X), 'certain kd2')
})

test('a Stop of a former life, told late or again, is forgotten with the next update', () => {
  const { tell, who } = toldSessions()
  tell('start', 'kd1', [X], { now: 20 })
  tell('stop', 'kd1', [X], { now: 40 })
  tell('start', 'kd1', [X], { now: 50 })
  tell('stop', 'kd1', [X], { now: 60, stamp: 40 })
  assert.equal(who(X), 'certain kd1', 'a copy')
  tell('stop', 'kd1', [X], { now: 61, stamp: 47 })
  assert.equal(who(X), 'ambiguous')
  tell('interim', 'kd1', [X], { now: 110 })
  assert.deepEqual([who(X), who(X, 80)], ['certain kd1', 'certain kd1'])
})
