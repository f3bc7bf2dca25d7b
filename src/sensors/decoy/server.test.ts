// A stranger that holds all places of the decoys, with real connections: an infected machine is heard all the same.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Event } from '../../model/event.ts'
import { IN_ONE_TURN, OF_ALL } from '../../wire/command-turns.ts'
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

/** MAIL, RCPT, DATA, and the dot. */
const LINES = 4
const MAIL = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n.\r\n'

for (const [clients, most] of [
  [1, (2 * IN_ONE_TURN) / LINES],
  [60, (2 * OF_ALL) / LINES],
] as const)
  test(`what ${clients} say at once is heard in many turns of the loop, and all of it`, {
    timeout: 60_000,
  }, async t => {
    const seen = { told: 0 }
    const settings = { addresses: ['127.0.0.1'], port: 0, realm: 'main', name: 'mx.meadow.example' }
    const report = ({ kind }: Pick<Event, 'kind'>) =>
      void (seen.told += kind === 'decoy-mail' ? 1 : 0)
    const decoys = await openDecoys(settings, { report, now: () => 0 })
    const crowd = Array.from({ length: clients }, (_, i) =>
      connect({ port: decoys.ports[0] ?? 0, host: '127.0.0.1', localAddress: `127.0.${i + 1}.1` }),
    )
    t.after(async () => {
      for (const socket of crowd) socket.destroy()
      await decoys.close()
    })
    await Promise.all(crowd.map(socket => once(socket, 'data')))
    // One after the other is read; a client that has closed its side is heard to the end.
    for (const socket of crowd) socket.resume().end(`EHLO bot.example\r\n${MAIL.repeat(400)}`)
    let found = 0
    while (seen.told < clients * 400) {
      const before = seen.told
      await nextTurn()
      found = Math.max(found, seen.told - before)
    }
    assert.ok(found <= most, `${found} messages in one turn`)
  })
