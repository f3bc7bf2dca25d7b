// The window beside Debian's Postfix, with its releaser, on a virtual clock: a bot in its owner's mail is stopped after a letter or two and the
// rest lies in Postfix's hold queue, her friends get theirs; an honest mailing of thirty invoices has left when Cordon said that they would.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openMilterDoor } from '../../src/doors/milter/server.ts'
import { socketHoldQueue } from '../../src/drivers/releaser/socket-hold-queue.ts'
import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { MINUTE } from '../../src/model/duration.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import { ASKED_DOOR } from '../support/asked-door.ts'
import { episodeWorld, SPAM } from '../support/episode-world.ts'
import { freePort } from '../support/free-port.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { atEnd, type Owner, owned } from '../support/owned.ts'
import { ANNA } from '../support/paced-there.ts'
import { postfix } from '../support/postfix.ts'
import { releaserOf } from '../support/releaser.ts'
import { eventually } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

const FRIENDS = [0, 1, 2].map(i => `friend${i}@postfix.example`)

async function besidePostfix(t: Owner) {
  const port = await freePort()
  const peer = await postfix({
    relayPort: 9,
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_milters = inet:127.0.0.1:${port}
milter_default_action = tempfail`,
  })
  atEnd(t, () => peer.stop())
  const helper = await owned(t, releaserOf(peer))
  let now = () => 0
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue: socketHoldQueue(helper.socket),
    now: () => now(),
    passed: () => now(),
  })
  const world = await episodeWorld({ episodes: 'pace', elsewhere, knows: FRIENDS })
  atEnd(t, () => world.cordon.close())
  now = world.now
  await elsewhere.ask()
  const { engine } = world.cordon
  let sessions = 0
  const trouble = (error: unknown) => {
    throw error
  }
  const door = { ...ASKED_DOOR, port, listener: 'submission', maxSize: 100_000 } as const
  await owned(
    t,
    openMilterDoor(door, {
      engine,
      now,
      newSessionId: () => `s${sessions++}`,
      turns: commandTurns(),
      trouble,
    }),
  )
  const held = () => readdirSync(join(peer.queue, 'hold'))
  return {
    elsewhere,
    held,
    now,
    world,
    mail: async (to: string, subject: string, text = 'Dear customer') => {
      const message = `From: <${ANNA}>\nSubject: ${subject} end\n\n${text}\n`
      const reply = await strangerSends(peer.port, message, {
        address: '203.0.113.7',
        login: ANNA,
        sender: ANNA,
        to: [to],
      })
      assert.match(reply, /^250/)
      await engine.idle()
    },
    arrived: (what: string) => peer.taken().filter(one => one.includes(`Subject: ${what} `)).length,
    /** The chores, every minute of the virtual clock. */
    pass: async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        world.wait(MINUTE)
        await engine.chores.window(now())
        await engine.chores.secondLook(now())
        await engine.chores.heldElsewhere(now())
      }
    },
  }
}

const isThat = (what: () => boolean) => eventually(() => (what() ? true : undefined))

test('a bot in its owner’s mail: two of its letters leave at most, the rest is in Postfix’s hold queue, and her friends get theirs', async t => {
  const one = await besidePostfix(t)
  for (let i = 0; i < 20; i++) {
    await one.mail(`victim${i}@postfix.example`, `pills ${i}`, `${SPAM} ${i}`)
    if (i % 8 === 0) await one.mail(FRIENDS[i / 8] as string, `friend ${i / 8}`)
  }
  await isThat(() => [0, 1, 2].every(i => one.arrived(`friend ${i}`) === 1))
  const out = Array.from({ length: 20 }, (_, i) => one.arrived(`pills ${i}`)).filter(n => n > 0)
  assert.ok(out.length >= 1 && out.length <= 2, `${out.length} left`)
  assert.equal(one.held().length, 20 - out.length)
  const rows = await one.elsewhere.list({ state: 'paced' })
  assert.deepEqual(new Set(rows.map(row => row.keptAs)), new Set(one.held()))
})

test('thirty invoices to new people: 16 at once, 14 in Postfix’s hold queue, and all delivered at the time that was said', async t => {
  const one = await besidePostfix(t)
  for (let i = 0; i < 30; i++) await one.mail(`customer${i}@postfix.example`, `invoice ${i}`)
  const delivered = () =>
    Array.from({ length: 30 }, (_, i) => one.arrived(`invoice ${i}`)).reduce((sum, n) => sum + n, 0)
  await isThat(() => delivered() === 16)
  assert.equal(one.held().length, 14)
  const said = Math.max(...(await one.elsewhere.list({})).map(row => row.due))
  const minutes = Math.ceil((said - one.now()) / MINUTE)
  assert.ok(minutes <= 60, `${minutes} minutes`)
  await one.pass(minutes + 1)
  await isThat(() => delivered() === 30)
  assert.deepEqual(one.held(), [])
  await one.pass(20)
  assert.equal(delivered(), 30, 'each once')
  assert.deepEqual(await one.elsewhere.list({}), [])
})
