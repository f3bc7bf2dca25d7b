// A clock that ran ahead and was set right: mail that was to be tried again in that time does not wait for it to come.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delivering } from '../../../test/support/delivering.ts'
import { eventually } from '../../../test/support/serve.ts'
import { DAY, MINUTE } from '../../model/duration.ts'

/** How far ahead it is, and how often the queue has been asked what may be brought. */
function clockAhead() {
  let ahead = 365 * DAY
  return {
    setRight: () => {
      ahead = 0
    },
    clock: {
      now: () => Date.now() + ahead,
      passed: () => performance.now(),
      // A minute without mail passes at once.
      real: (ms: number) => ms / 1000,
    },
  }
}

test('mail that failed while the clock was ahead is tried again when it is right, and what waits by the right clock waits on', async t => {
  const { clock, setRight } = clockAhead()
  let asked = 0
  const resolver = {
    mx: async (domain: string) => {
      if (domain === 'away.example') asked++
      return { failed: 'servfail' as const }
    },
    addresses: async () => ({ failed: 'servfail' as const }),
  }
  const delivery = await delivering({ settings: {}, clock, resolver, trouble: () => undefined })
  t.after(delivery.end)
  await delivery.put(['bert@away.example'])
  /** Not while it is tried. */
  const waits = (from: number, to: number) => async () =>
    (await delivery.spool.list({ limit: 10 })).find(({ due }) => due > from && due < to)
  await eventually(waits(clock.now() + MINUTE, Infinity))
  setRight()
  await eventually(waits(Date.now() + MINUTE, Date.now() + DAY))
  assert.ok(asked > 1, `${asked}`)
  const [row] = await delivery.spool.list({ limit: 10 })
  const after = row?.due
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.equal((await delivery.spool.list({ limit: 10 }))[0]?.due, after)
})
