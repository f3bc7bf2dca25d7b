import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE, SECOND } from '../../model/duration.ts'
import { quiet, RefusedAccounting } from './refused.ts'

test('wrong secrets, unknown clients, access servers of no client, and an address of two are told of', () => {
  let now = 0
  const refused = new RefusedAccounting(() => now)
  for (now = 0; now <= 10 * SECOND; now += SECOND) {
    refused.unknownClient('192.0.2.8')
    refused.wrongSecret('192.0.2.9')
    refused.foreign('bng7', '192.0.2.1')
    refused.second('10.0.0.1', '192.0.2.2')
  }
  refused.withoutUpdates('192.0.2.3')
  const once = new RefusedAccounting(() => now)
  once.unknownClient('192.0.2.8')
  once.second('10.0.0.1', '192.0.2.2')
  assert.deepEqual(
    once.worries().map(({ what }) => what),
    ['address of two'],
  )
  assert.deepEqual(
    refused.worries().map(({ what, about }) => `${what}: ${about}`),
    [
      'unknown client: 192.0.2.8',
      'wrong secret: 192.0.2.9',
      'foreign access server: bng7',
      'address of two: 10.0.0.1',
      'no updates: 192.0.2.3',
    ],
  )
})

test('no access server at all is told of after one interval of updates, and a silent one when its leases are in doubt', () => {
  const asked = (heard: readonly string[], left: number, interim: number, now: number) => {
    const silent = heard.map(nas => [nas, left, false] as const)
    return quiet({ heard: () => heard, silent: () => silent }, { interim, opened: 0, now })
  }
  assert.deepEqual(asked([], 0, 10 * MINUTE, 9 * MINUTE), [])
  assert.equal(asked([], 0, 10 * MINUTE, 11 * MINUTE)[0]?.what, 'nothing heard')
  assert.deepEqual(asked([], 0, 0, 11 * MINUTE), [])
  assert.deepEqual(asked(['bng1'], 0, MINUTE, 11 * MINUTE), [])
  const [found] = asked(['bng1'], 4, MINUTE, 11 * MINUTE)
  assert.match(`${found?.what} ${found?.about}: ${found?.words}`, /^silent bng1: .*4 sessions/)
})
