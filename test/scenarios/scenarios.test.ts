// Every folder here is a story: what happened (told in its story), as events, and what Cordon must conclude. The events go
// through the engine that runs live; nothing is asked of anybody, because everything known stands in the events.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Event } from '../../src/model/event.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import { shipped } from '../support/shipped.ts'

const customer = {
  id: 'anna',
  plan: 'consumer' as const,
  flags: [],
  language: 'en',
  contacts: ['anna@isp.example'],
  logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example'] }],
}

// Stories about rules are told in another way: policy.test.ts.
const FOLDERS = readdirSync(import.meta.dirname, { withFileTypes: true }).filter(
  one => one.isDirectory() && one.name !== 'policy',
)

for (const entry of FOLDERS) {
  test(entry.name, async () => {
    const folder = join(import.meta.dirname, entry.name)
    const lines = (name: string) =>
      readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)
    const events = lines('events.jsonl').map(line => JSON.parse(line) as Event)
    const running = await startReplay({
      subscribers: [customer],
      leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
      domains: ['isp.example'],
      forwards: {},
      ...shipped,
    })
    for (const event of events) await running.feed(event)
    // A refused network stands in the case, whose decision is that mail is held.
    const refused = running
      .episodes()
      .filter(({ decision }) => decision.startsWith('refuse'))
      .map(({ at, subject, decision }) => ({ at, subject, what: decision }))
    const decided = [...(await running.end()), ...refused].toSorted((a, b) => a.at - b.at)
    const said = decided.map(({ at, subject, what }) =>
      JSON.stringify({ at: new Date(at).toISOString(), subject, what }),
    )
    assert.deepEqual(said, lines('expected.jsonl'))
  })
}
