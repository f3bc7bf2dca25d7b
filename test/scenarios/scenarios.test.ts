// Every folder here is a story: what happened (told in its story), as events, and what Cordon must conclude. The events go
// through the engine that runs live; nothing is asked of anybody, because everything known stands in the events.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EpisodeMode } from '../../src/model/episode.ts'
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

for (const { name } of FOLDERS) {
  test(name, async () => {
    const running = await played(name)
    // A refused network stands in the case, whose decision is that mail is held.
    const refused = running
      .episodes()
      .filter(({ decision }) => decision.startsWith('refuse'))
      .map(({ at, subject, decision }) => ({ at, subject, what: decision }))
    const decided = [...(await running.end()), ...refused].toSorted((a, b) => a.at - b.at)
    const said = decided.map(({ at, subject, what }) =>
      JSON.stringify({ at: new Date(at).toISOString(), subject, what }),
    )
    assert.deepEqual(said, linesOf(name, 'expected.jsonl'))
  })

  test(`${name}, where evidence only observes: told at the same moments, and nothing is decided`, async () => {
    const running = await played(name, { observes: true, episodes: 'shadow' })
    const shadow = running.episodes().map(({ at, subject }) => ({ at, subject }))
    const told = [...running.observed(), ...shadow].map(
      ({ at, subject }) => `${new Date(at).toISOString()} ${subject}`,
    )
    const expected = linesOf(name, 'expected.jsonl').map(line => JSON.parse(line) as Expected)
    for (const { at, subject } of expected)
      assert.ok(told.includes(`${at} ${subject}`), `${at}: ${told.join()}`)
    if (expected.length === 0) assert.deepEqual(running.observed(), [])
    assert.deepEqual(await running.end(), [])
  })
}

type Expected = { readonly at: string; readonly subject: string }

function linesOf(name: string, file: string): string[] {
  return readFileSync(join(import.meta.dirname, name, file), 'utf8')
    .split('\n')
    .filter(Boolean)
}

/** The story, told to its end. */
async function played(name: string, evidence: { observes?: boolean; episodes?: EpisodeMode } = {}) {
  const running = await startReplay({
    subscribers: [customer],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    ...shipped,
    ...evidence,
  })
  for (const line of linesOf(name, 'events.jsonl')) await running.feed(JSON.parse(line) as Event)
  return running
}
