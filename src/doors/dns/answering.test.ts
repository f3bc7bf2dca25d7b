// Whose questions take the room of whose answers, over UDP.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerIn, questionOf } from '../../../test/support/dns-question.ts'
import { PrefixTable } from '../../model/prefix-table.ts'
import { Answering, RESULTS } from './answering.ts'

const NOW = Date.UTC(2026, 10, 28)
const MOST = 10

function asking(clients: readonly string[]) {
  const empty = () => new PrefixTable().buffer
  const answering = new Answering(
    {
      zone: 'l.isp.example',
      nameServers: ['ns.isp.example'],
      contact: 'postmaster.isp.example',
      ttl: 60,
      provider: 'ISP',
      clients,
      perSecond: MOST,
    },
    { infected: empty(), consumers: empty(), exempt: empty(), domains: [], serial: 1 },
    { counts: new Uint32Array(RESULTS.length), salt: 1 },
  )
  return (address: string, times: number) => {
    const said: Record<string, number> = {}
    for (let i = 0; i < times; i++) {
      const answer = answering.overUdp(questionOf('2.0.0.127.infected.l.isp.example'), address, NOW)
      const read = answer && answerIn(Buffer.from(answer))
      const what = !read ? 'nothing' : read.cut ? 'cut' : read.rcode === 5 ? 'refused' : 'answered'
      said[what] = (said[what] ?? 0) + 1
    }
    return said
  }
}

test('strangers in the network of a client take nothing of what it may ask', () => {
  const ask = asking(['192.0.2.7/32'])
  const strangers = ask('192.0.2.66', 1000)
  assert.equal(strangers['answered'], undefined)
  assert.ok((strangers['refused'] ?? 0) >= MOST && (strangers['nothing'] ?? 0) > 100)
  assert.deepEqual(ask('192.0.2.7', MOST), { answered: MOST })
})

test('clients that are named each have the whole number, and those of a wide network have it together', () => {
  const named = asking(['192.0.2.0/24', '2001:db8:17::/56'])
  for (const address of ['192.0.2.7', '192.0.2.8', '2001:db8:17::1', '2001:db8:17:1::1'])
    assert.deepEqual(named(address, MOST), { answered: MOST }, address)
  const all = asking(['0.0.0.0/0', '::/0'])
  assert.deepEqual(all('192.0.2.7', MOST), { answered: MOST })
  assert.equal(all('192.0.2.8', MOST)['answered'], undefined)
  assert.deepEqual(all('2001:db8:17::1', MOST), { answered: MOST })
  assert.equal(all('2001:db8:17:1::1', MOST)['answered'], undefined)
})
