// What is told again changes nothing: an access server tells again what was not answered, some with the stamp of when they send it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toldSessions } from '../../../test/support/told-sessions.ts'

const [X, Y] = ['198.51.100.1', '198.51.100.2']
const [P, Q] = ['2001:db8:1001:100::/56', '2001:db8:1001:200::/56']
const [IN_P, IN_Q] = ['2001:db8:1001:100::1', '2001:db8:1001:200::1']

test('a Start that is told again after an update with another address takes neither back nor away', () => {
  for (const isKilled of [false, true]) {
    const { tell, who, restart } = toldSessions()
    tell('start', 'kd1', [X], { now: 60 })
    tell('interim', 'kd1', [Y], { now: 61 })
    tell('start', 'kd2', [X], { now: 61.5 })
    if (isKilled) restart(62)
    tell('start', 'kd1', [X], { now: 63 })
    assert.deepEqual([who(X), who(Y)], ['certain kd2', 'certain kd1'])
  }
})

test('a Start of the other family right after the first takes no address away, also when the first was lost', () => {
  for (const first of ['start', 'interim'] as const) {
    const { tell, who } = toldSessions()
    tell(first, 'kd1', [X], { now: 60 })
    tell('start', 'kd1', [P], { now: 62.2 })
    assert.deepEqual([who(X), who(IN_P)], ['certain kd1', 'certain kd1'])
    tell('start', 'kd1', [X], { now: 64 })
    assert.deepEqual([who(X), who(IN_P)], ['certain kd1', 'certain kd1'])
  }
})

test('after a restart, too, the copy of an update of before a renumbering changes nothing', () => {
  for (const late of [3, 13, 60]) {
    const { tell, who, restart } = toldSessions()
    tell('start', 'kd1', [X], { now: 20 })
    tell('interim', 'kd1', [X, P], { now: 97 })
    tell('interim', 'kd1', [X, Q], { now: 100 })
    tell('interim', 'kd2', [P], { now: 100.2 })
    restart(100.5)
    tell('interim', 'kd1', [X, P], { now: 97 + late, stamp: 97 })
    assert.deepEqual([who(IN_Q), who(IN_P), who(X)], ['certain kd1', 'certain kd2', 'certain kd1'])
  }
})
