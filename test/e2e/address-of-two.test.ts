// A ledger in which an earlier Cordon gave one address to two customers: Cordon starts, says so, and the list of customers marks them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ledger } from '../../src/ports/ledger.ts'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'

const SHARED = [{ address: 'both@isp.example', customers: ['a', 'b'] }]

const asOfAnEarlierCordon = (ledger: Ledger): Ledger => ({
  ...ledger,
  customers: {
    subscribers: page => ledger.customers.subscribers(page),
    changeSubscribers: change => ledger.customers.changeSubscribers(change),
    addressesOfMany: async () => SHARED,
  },
})

test('an address of two customers: an alarm at the start, and a mark in the list', async t => {
  const scene = await reloadScene(
    folder => ({
      ...leastConfig(folder),
      subscribers: ['a', 'b', 'c'].map(id => ({ id, logins: [{ name: `${id}@isp.example` }] })),
    }),
    { ledgerBehind: asOfAnEarlierCordon },
  )
  t.after(scene.end)
  const alarms = scene.events.filter(one => one.kind === 'alarm-raised')
  assert.match(
    JSON.stringify(alarms),
    /"alarm":"address-shared".*both@isp\.example is an address of customers a and b/,
  )
  const { rows } = await scene.ask<{ rows: { id: string; shared?: unknown }[] }>(
    '/api/v1/subscribers',
  )
  assert.deepEqual(
    rows.map(({ id, shared }) => [id, shared]),
    [
      ['a', [{ address: 'both@isp.example', others: ['b'] }]],
      ['b', [{ address: 'both@isp.example', others: ['a'] }]],
      ['c', undefined],
    ],
  )
})
