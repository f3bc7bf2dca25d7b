// Ten thousand lines touch a decoy within an hour: the fuse blows, and the operator gets a handful of mails that count every case.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { alarmOutbox, type KeptAlarm } from '../../src/engine/letters/alarms/alarm-outbox.ts'
import type { ConditionSources } from '../../src/engine/letters/alarms/condition.ts'
import { fuse } from '../../src/engine/letters/alarms/conditions/fuse.ts'
import { mailChannel } from '../../src/engine/letters/alarms/mail-channel.ts'
import { alarmTeller, type ChannelPlace } from '../../src/engine/letters/alarms/teller.ts'
import {
  conditionWatch,
  type StandingCondition,
} from '../../src/engine/letters/alarms/watch-conditions.ts'
import { MINUTE } from '../../src/model/duration.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'
import { decoy, START } from '../support/annas-trouble.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { customer } from '../support/small-cordon.ts'

const CASES = 10_000
const NOC = 'noc@isp.example'
const address = (i: number) => `10.0.${Math.floor(i / 250)}.${i % 250}`
const ids = Array.from({ length: CASES }, (_, i) => `kd${i}`)
const thrown = (error: unknown) => {
  throw error
}

test('ten thousand cases in an hour: the fuse, and a handful of mails', async () => {
  const outbox = alarmOutbox(memoryRecords<KeptAlarm>())
  const [spool, counters] = [directSpool(), new MemoryCounters()]
  let now = START
  const cordon = await virtualCordon({
    ...annasHome,
    subscribers: ids.map(id => ({ ...customer(id), contacts: [], logins: [] })),
    leases: ids.map((id, i) => ({
      realm: 'main',
      prefix: `${address(i)}/32`,
      subscriber: id,
      from: 0,
    })),
    spool,
    counters,
    alarms: outbox,
    now: () => now,
  })
  await cordon.engine.ready
  const mail = mailChannel(NOC, {
    engine: cordon.engine,
    ourName: 'mail.isp.example',
    mailDomain: 'isp.example',
    timeZone: () => 'UTC',
    dkim: undefined,
  })
  const places = memoryRecords<ChannelPlace>()
  const stopping = new AbortController().signal
  const teller = alarmTeller(mail, { outbox, places, stopping, trouble: thrown })
  const sources = { customers: () => CASES, counters } as unknown as ConditionSources
  const standing = memoryRecords<StandingCondition>()
  const look = conditionWatch({
    conditions: [fuse],
    sources,
    outbox,
    standing,
    trouble: thrown,
  })

  for (const [i, id] of ids.entries()) {
    now = START + i * 300
    const who = { realm: 'main', address: address(i), sure: 'certain', subscriber: id } as const
    cordon.engine.report({ ...decoy(`d${i}`, now), who })
    if (i % 100 !== 99) continue
    await cordon.engine.idle()
    await look(now)
    await teller.tell(now)
  }
  await cordon.engine.idle()
  for (const later of [1, 20]) await teller.tell(now + later * MINUTE)

  const contained = cordon.ledger.cases.openCases().filter(one => one.status === 'contained')
  assert.equal(contained.length, 100, 'one in a hundred, and no more')
  const mails = (await spool.list({})).filter(one => one.recipient === NOC).map(row => row.subject)
  assert.ok(mails.length <= 12, mails.join('\n'))
  assert.ok(
    mails.some(subject => /fuse/.test(subject)),
    mails.join('\n'),
  )
  const counted = (kind: string) =>
    mails
      .flatMap(subject => [...subject.matchAll(new RegExp(`\\b${kind} (\\d+)`, 'g'))])
      .reduce((sum, [, count]) => sum + Number(count), 0)
  assert.deepEqual([counted('contained'), counted('held')], [100, CASES - 100])
  await cordon.close()
})
