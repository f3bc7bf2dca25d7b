// A stranger that holds all places of the decoys, with real connections: an infected machine is heard all the same.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { Event } from '../../model/event.ts'
import { openDecoys } from './server.ts'

test('a hundred idle connections of twenty networks keep no infected machine away', async t => {
  let told: (event: Pick<Event, 'kind'>) => void = () => undefined
  const first = new Promise<Pick<Event, 'kind'>>(resolve => {
    told = resolve
  })
  const settings = { addresses: ['127.0.0.1'], port: 0, realm: 'main', name: 'mx.meadow.example' }
  const decoys = await openDecoys(settings, { report: event => told(event), now: () => 0 })
  const from = (localAddress: string) => {
    const socket = connect({ port: decoys.ports[0] ?? 0, host: '127.0.0.1', localAddress })
    return socket.on('error', () => undefined)
  }
  const crowd = Array.from({ length: 100 }, (_, i) => from(`127.0.${1 + (i % 20)}.1`))
  t.after(async () => {
    for (const socket of [...crowd, bot]) socket.destroy()
    await decoys.close()
  })
  await Promise.all(crowd.map(socket => once(socket, 'data')))
  const bot = from('127.0.99.1')
  bot.write('EHLO bot.example\r\n')
  const outcome = await Promise.race([first, once(bot, 'close').then(() => 'closed unheard')])
  assert.deepEqual(outcome, {
    kind: 'egress-attempt',
    at: 0,
    who: { realm: 'main', address: '127.0.99.1', port: bot.localPort, sure: 'unknown' },
    destination: '127.0.0.1',
    port: 0,
    completed: true,
    antiSpoofed: false,
    outcome: 'decoy',
  })
})
