// Mail that was taken for an address of ours without a mailbox does not end in silence.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delivering } from '../../../test/support/delivering.ts'
import { eventually } from '../../../test/support/serve.ts'
import type { NewEvent } from '../../model/event.ts'

test('a forward to no mailbox, and a login that is gone: an alarm once a day, and an event for each message', async t => {
  const delivery = await delivering({
    settings: {},
    recipients: {
      isLocal: domain => domain === 'isp.example',
      isOurs: () => true,
      find: async () => undefined,
    },
    trouble: () => undefined,
  })
  t.after(delivery.end)
  await delivery.put(['nobody@isp.example'], { bounceable: false })
  await delivery.put(['gone@isp.example'], { bounceable: false })
  const failures = () => delivery.events.filter(({ kind }) => kind === 'delivery-failed')
  await eventually(() => failures()[1])
  const isAlarm = (event: NewEvent) =>
    event.kind === 'alarm-raised' && event.alarm === 'mailbox-gone'
  const alarms = delivery.events.filter(isAlarm)
  assert.equal(alarms.length, 1)
  assert.match(JSON.stringify(alarms), /"about":"(?:nobody|gone)@isp\.example"/)
})
