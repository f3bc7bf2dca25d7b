// A server that is down, one that says later, one that says no for some: tried again on schedule, given up in time, and
// the sender is told once. Postfix's smtp-sink plays the other side; the clock runs fast.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { deliveryLoop } from '../../src/drivers/delivery/delivery-loop.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import type { FailedRecipient } from '../../src/mail/dsn.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { NewEvent } from '../../src/model/event.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from '../support/serve.ts'

/** A spool with one message and a delivery loop whose time runs `scale` times as fast. */
async function deliveryTo(port: number, scale: number, expires: number) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-retry-'))
  const spool = await openSpool({ folder })
  const clock = scaledClock(scale)
  const events: NewEvent[] = []
  const bounced: FailedRecipient[] = []
  const loop = deliveryLoop({
    spool,
    clock,
    recipients: { isLocal: () => false, find: async () => undefined },
    resolver: { mx: async () => ({ value: [] }), addresses: async () => ({ value: [] }) },
    settings: {
      routes: { '*': { host: '127.0.0.1', port } },
      ourName: 'mail.isp.example',
      mailboxes: folder,
      atOnce: 5,
    },
    report: event => void events.push(event),
    hide: address => address,
    bounce: async (_claim, failed) => void bounced.push(...failed),
    trouble: error => {
      throw error
    },
  })
  const at = clock.now()
  const draft = spool.open()
  await draft.write(Buffer.from('Subject: x\r\n\r\nhello\r\n'))
  await draft.commit({
    message: 'm1',
    at,
    sender: 'anna@isp.example',
    login: 'anna@isp.example',
    expires: at + expires,
    headers: '',
    subject: 'x',
    nats: 0,
    bounceable: true,
    recipients: [{ address: 'friend@meadow.example', state: 'queued', due: at }],
  })
  loop.start()
  return {
    spool,
    events,
    bounced,
    end: async () => {
      await loop.stop()
      await spool.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const sink = (port: number, ...args: string[]): ChildProcess =>
  spawn('/usr/sbin/smtp-sink', ['-u', 'root', ...args, `127.0.0.1:${port}`, '100'], {
    stdio: 'ignore',
  })

test('a server that is down is tried again after five, ten, twenty minutes, and gets the mail when it is back', async t => {
  const port = await freePort()
  const delivery = await deliveryTo(port, 600, 5 * DAY)
  t.after(delivery.end)
  const tries = () =>
    delivery.events.filter(event => event.kind === 'delivery-failed').map(event => event.at)
  await eventually(() => (tries().length >= 3 ? true : undefined))
  const [first = 0, second = 0, third = 0] = tries()
  assert.ok(
    second - first >= 5 * MINUTE && second - first < 9 * MINUTE,
    `${(second - first) / MINUTE} minutes`,
  )
  assert.ok(
    third - second >= 10 * MINUTE && third - second < 15 * MINUTE,
    `${(third - second) / MINUTE} minutes`,
  )
  const server = sink(port)
  t.after(() => server.kill())
  await eventually(() =>
    delivery.events.some(event => event.kind === 'delivery-done') ? true : undefined,
  )
  assert.deepEqual(
    await eventually(async () => ((await delivery.spool.list({})).length === 0 ? [] : undefined)),
    [],
  )
  assert.deepEqual(delivery.bounced, [])
})

test('a server that always says later: the sender is told when the time is up, once', async t => {
  const port = await freePort()
  const server = sink(port, '-r', 'rcpt')
  t.after(() => server.kill())
  await new Promise(resolve => setTimeout(resolve, 300))
  const delivery = await deliveryTo(port, 2000, 3 * HOUR)
  t.after(delivery.end)
  await eventually(() => (delivery.bounced.length > 0 ? true : undefined))
  await eventually(async () => ((await delivery.spool.list({})).length === 0 ? true : undefined))
  const tries = delivery.events.filter(event => event.kind === 'delivery-failed')
  assert.ok(tries.length >= 3, `${tries.length} tries`)
  assert.ok(tries.slice(0, -1).every(event => event.kind === 'delivery-failed' && !event.permanent))
  assert.equal(delivery.bounced.length, 1)
  assert.match(
    delivery.bounced[0]?.answer ?? '',
    /^given up after trying for days; last answer: 4\d\d/,
  )
})
