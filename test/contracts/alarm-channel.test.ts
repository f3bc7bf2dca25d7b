// A way to the operator: what each of them must do, with real sockets, processes and a queue.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { commandChannel } from '../../src/drivers/alarms/command-channel.ts'
import { webhookChannel } from '../../src/drivers/alarms/webhook-channel.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { mailChannel } from '../../src/engine/letters/alarms/mail-channel.ts'
import type { AlarmBatch } from '../../src/model/alarm.ts'
import type { AlarmChannel } from '../../src/ports/alarm-channel.ts'
import { alarmReceiver } from '../support/alarm-receiver.ts'
import { folderOf } from '../support/owned.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'

type OpenedChannel = {
  readonly channel: AlarmChannel
  /** Ids of batches that the other side has, each once. */
  readonly has: () => Promise<readonly string[]> | readonly string[]
  /** From now on the other side refuses. */
  readonly breaks: () => unknown
}

const CHANNELS: Readonly<Record<string, (t: TestContext) => Promise<OpenedChannel>>> = {
  mail: async t => {
    const spool = directSpool()
    const cordon = await smallCordon(spool)
    t.after(() => cordon.close())
    let broken = false
    const { engine } = cordon
    const channel = mailChannel('anna@isp.example', {
      engine: {
        open: tx => (broken ? Promise.reject(new Error('the disk is full')) : engine.open(tx)),
      },
      ourName: 'mail.isp.example',
      mailDomain: 'isp.example',
      timeZone: () => 'UTC',
      dkim: undefined,
    })
    return {
      channel,
      has: async () => (await spool.list({})).map(row => row.subject.replace(/.* /, '')),
      breaks: () => (broken = true),
    }
  },
  webhook: async t => {
    const receiver = await alarmReceiver(t)
    const url = `http://127.0.0.1:${receiver.port}/`
    const settings = { name: 'noc', url, secret: 'sixteen letters!', privateAddresses: true }
    return {
      channel: webhookChannel(settings, () => NOW, 2000),
      has: () => [...new Set(receiver.posted.map(one => one.id))],
      breaks: () => receiver.goesAway(),
    }
  },
  command: async t => {
    const folder = folderOf(t)
    const [file, out] = [join(folder, 'pager'), join(folder, 'out')]
    writeFileSync(file, 'read -r batch; echo "$batch" >> "$1"')
    const settings = { name: 'pager', run: ['/bin/sh', file, out], timeout: 10_000 }
    const lines = () => (existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : [])
    return {
      channel: commandChannel({ ...settings, run: ['/bin/sh', file, out] }),
      has: () => [...new Set(lines().map(one => (JSON.parse(one) as AlarmBatch).id))],
      breaks: () => writeFileSync(file, 'exit 1'),
    }
  },
}

const batch = (id: string): AlarmBatch => ({
  id,
  at: NOW,
  alarms: [{ id, alarm: 'fuse', at: NOW, about: id, words: 'It has blown.', evidence: [] }],
  counts: { fuse: 1 },
})
const going = new AbortController().signal

for (const [kind, open] of Object.entries(CHANNELS)) {
  test(`${kind}: what is told is there; told twice under one id, it is there once`, async t => {
    const { channel, has } = await open(t)
    await channel.tell(batch('first'), going)
    await channel.tell(batch('first'), going)
    await channel.tell(batch('second'), going)
    assert.deepEqual([...(await has())].toSorted(), ['first', 'second'])
  })

  test(`${kind}: what the other side does not have is rejected`, async t => {
    const { channel, has, breaks } = await open(t)
    await breaks()
    await assert.rejects(channel.tell(batch('first'), going))
    assert.deepEqual(await has(), [])
  })

  test(`${kind}: its name says what it is`, async t => {
    assert.ok((await open(t)).channel.name.startsWith(`${kind} `))
  })
}
