// What all that finds refusals must do. What stands in the journal's files: src/drivers/journal/refusals.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusals } from '../../src/drivers/journal/refusals.ts'
import { refusalIds } from '../../src/mail/refusal-id.ts'
import type { EventOf } from '../../src/model/event.ts'
import type { EventIndex, EventsFound } from '../../src/ports/event-index.ts'
import { AT } from '../support/ledgers.ts'

const ids = refusalIds('secret')
const NONE: EventsFound = { events: [], truncated: false, unreadable: [] }

const refusal = (id: string, at: number) =>
  ({ kind: 'step-judged', id: `e${at}`, seq: at, at, refusal: id }) as EventOf<'step-judged'>

const over = (find: EventIndex['find']) => refusals({ find }, ids, one => one)

test('there is none: undefined, of a name that was never given without a search', async () => {
  let searched = 0
  const { find } = over(async () => (searched++, NONE))
  assert.equal(await find('banana'), undefined)
  assert.equal(searched, 0)
  const id = ids.make(AT)
  assert.deepEqual([await find(id), await find(id)], [undefined, undefined])
  assert.equal(searched, 1, 'what was searched for is remembered')
})

test('nobody could look: the next who asks does', async () => {
  const id = ids.make(AT)
  let isBroken = true
  const { find } = over(async () => {
    if (isBroken) throw new Error('the disk')
    return { ...NONE, events: [refusal(id, AT)] }
  })
  assert.equal(await find(id), undefined)
  isBroken = false
  assert.equal((await find(id))?.refusal, id)
})

test('about somebody: the oldest first, no more than were asked for, and it says what it has not seen', async () => {
  const many = [3, 1, 2].map(n => refusal(ids.make(AT + n), AT + n))
  const { about } = over(async () => ({ ...NONE, events: many, unreadable: ['torn.gz'] }))
  const found = await about({ messageId: '<x@far.example>', since: AT, limit: 4 })
  const times = found.rows.map(({ at }) => at)
  assert.equal(times.length, 4)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  assert.deepEqual([found.truncated, found.unreadable], [true, ['torn.gz']])
  const broken = over(() => Promise.reject(new Error('the disk')))
  await assert.rejects(broken.about({ messageId: 'x', since: AT, limit: 4 }), /the disk/)
})
