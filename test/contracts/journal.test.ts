// What every journal must do: take an event at once, and never throw, whatever happens behind it.

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createEventBus } from '../../src/drivers/journal/event-bus.ts'
import { openJournal } from '../../src/drivers/journal/journal-file.ts'
import { readJournal } from '../../src/drivers/journal/read-journal.ts'
import type { Event } from '../../src/model/event.ts'
import type { Journal } from '../../src/ports/journal.ts'
import { AT } from '../support/ledgers.ts'
import { atEnd, folderOf } from '../support/owned.ts'

type OpenedJournal = {
  readonly journal: Journal
  /** All that can be read of it afterwards. */
  readonly read: () => Promise<readonly Event[]>
  /** Whatever takes its events fails from now on. */
  readonly fail: () => void
}

const JOURNALS: Readonly<Record<string, (t: TestContext) => OpenedJournal>> = {
  bus: () => {
    const bus = createEventBus()
    const heard: Event[] = []
    bus.listen(event => heard.push(event))
    const fail = () =>
      void bus.listen(() => {
        throw new Error('a listener that throws')
      })
    return { journal: bus, read: async () => heard, fail }
  },
  file: t => {
    const folder = join(folderOf(t), 'journal')
    const journal = openJournal(folder)
    atEnd(t, () => journal.close())
    const read = async () => {
      await journal.close()
      const events: Event[] = []
      for await (const event of readJournal(folder, AT)) events.push(event)
      return events
    }
    const fail = () => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, '')
    }
    return { journal, read, fail }
  },
}

const event = (n: number): Event => ({
  kind: 'alarm-raised',
  id: `n.1.${n}`,
  seq: n,
  at: AT + n,
  alarm: 'counters-lost',
  about: 'counters',
  words: `${n}`,
})

for (const [name, open] of Object.entries(JOURNALS)) {
  test(`${name}: every event is there, in its order`, async t => {
    const { journal, read } = open(t)
    const events = Array.from({ length: 1000 }, (_, n) => event(n))
    for (const one of events) assert.equal(journal.write(one), undefined)
    assert.deepEqual(await read(), events)
  })

  test(`${name}: who writes hears nothing of what fails behind it`, t => {
    const { journal, fail } = open(t)
    fail()
    for (let n = 0; n < 10; n++) journal.write(event(n))
  })
}
