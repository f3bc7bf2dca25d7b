import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../../../test/support/annas-trouble.ts'
import { DAY, SECOND } from '../../model/duration.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import { lineOf } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { CHANGES_AT_ONCE, type Cursor } from '../../ports/changes.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { memoryLedger } from '../../simulation/virtual/virtual-cordon.ts'
import type { Save } from './effect.ts'
import { type Feed, openFeed } from './feed.ts'

const watched = (name: string): Incident => ({
  id: `i-${name}`,
  rev: 0,
  caseCode: name,
  subject: lineOf(name),
  subscriber: name,
  status: 'watched',
  openedAt: START,
  changedAt: START,
  sum: 3,
  holdAt: 5,
  containAt: 9,
  kinds: [],
  epoch: 0,
  summary: '',
})

/** A case with a decision that holds. */
async function save(ledger: Ledger, name: string): Promise<void> {
  const incident: Incident = { ...watched(name), status: 'held' }
  const { id, subject } = incident
  const until = START + 1000
  const decided = {
    id: `d-${name}`,
    incident: id,
    subject,
    kind: 'hold',
    at: START,
    until,
  } as const
  const decisions = [{ ...decided, by: 'evidence' as const }]
  const expectedRev = ledger.cases.rev(subject)
  await ledger.cases.saveCase({ expectedRev, incident, decisions, evidence: [], notices: [] })
}

type SaveWords = string

const toldOf = ({ incident, decisions, whole }: Save): SaveWords =>
  `${whole ? 'all of ' : ''}${incident.caseCode} ${decisions.map(({ kind }) => kind).join()}`

async function following(
  ledger: Ledger,
  {
    first,
    fail = () => undefined,
    at = { now: START },
  }: { first?: Cursor; fail?: (told: SaveWords) => Error | undefined; at?: { now: number } } = {},
) {
  const told: SaveWords[] = []
  const trouble: string[] = []
  const follow = async (one: Save) => {
    const error = fail(toldOf(one))
    if (error) throw error
    told.push(toldOf(one))
  }
  const feed: Feed = await openFeed({
    changes: ledger.changes,
    cases: ledger.cases,
    followers: [{ name: 'test', follow }],
    first,
    now: () => at.now,
    trouble: (error, about) => void trouble.push(`${about}: ${(error as Error).message}`),
  })
  return { feed, told, trouble, at }
}

test('two that follow one store both hear what was saved through either, each with its decisions', async () => {
  const ledger = await memoryLedger()
  const [here, there] = [await following(ledger), await following(ledger)]
  await save(ledger, 'anna')
  await save(ledger, 'bert')
  await here.feed.reached()
  await there.feed.reached()
  assert.deepEqual(here.told, ['anna hold', 'bert hold'])
  assert.deepEqual(there.told, here.told)
  await ledger.close()
})

test('what fails is told again when its time has come; what came behind it is not kept waiting', async () => {
  const ledger = await memoryLedger()
  let broken = true
  const fail = (told: SaveWords) =>
    broken && told.startsWith('anna') ? new Error('broken') : undefined
  const { feed, told, trouble, at } = await following(ledger, { fail })
  const before = feed.cursor()
  await save(ledger, 'anna')
  await feed.reached()
  await save(ledger, 'bert')
  await feed.reached()
  assert.deepEqual(told, ['bert hold'])
  assert.equal(feed.cursor(), before, 'it is not behind what failed')
  broken = false
  await feed.reached()
  assert.deepEqual(told, ['bert hold'], 'not yet')
  at.now += SECOND
  await feed.reached()
  assert.deepEqual(told, ['bert hold', 'anna hold'])
  assert.deepEqual(trouble, ['test: broken'])
  assert.notEqual(feed.cursor(), before)
  await ledger.close()
})

test('what failed while the clock was wrong and ahead is told again when it is right', async () => {
  const ledger = await memoryLedger()
  let broken = true
  const fail = () => (broken ? new Error('broken') : undefined)
  const { feed, told, at } = await following(ledger, { fail })
  at.now = START + 365 * DAY
  await save(ledger, 'anna')
  await feed.reached()
  broken = false
  at.now = START
  await feed.reached()
  assert.deepEqual(told, ['anna hold'])
  await ledger.close()
})

test('one that ended before it was done goes on from where it was', async () => {
  const ledger = await memoryLedger()
  const first = await following(ledger, { fail: () => new Error('broken') })
  await save(ledger, 'anna')
  await first.feed.reached()
  const second = await following(ledger, { first: first.feed.cursor() })
  await second.feed.reached()
  assert.deepEqual(second.told, ['anna hold'])
  const third = await following(ledger, { first: second.feed.cursor() })
  await third.feed.reached()
  assert.deepEqual(third.told, [])
  await ledger.close()
})

for (const [what, error, wanted] of [
  ['a store that is away is waited for', new StoreUnavailable('away'), ['anna hold']],
  ['anything else is given up, and said', new Error('broken'), []],
] as const)
  test(`tried again and again: ${what}`, async () => {
    const ledger = await memoryLedger()
    let attempts = 0
    const fail = () => (attempts++ < 30 ? error : undefined)
    const { feed, told, trouble, at } = await following(ledger, { fail })
    await save(ledger, 'anna')
    for (let i = 0; i < 40; i++) {
      await feed.reached()
      at.now += 60 * SECOND
    }
    assert.deepEqual(told, wanted)
    assert.equal(
      trouble.some(one => one.includes('given up')),
      wanted.length === 0,
    )
    assert.equal(feed.cursor(), await ledger.changes.end())
    await ledger.close()
  })

test('where it is not known any more what was saved, all that is open is told', async () => {
  const ledger = await memoryLedger()
  await save(ledger, 'anna')
  const { feed, told } = await following(ledger, { first: 'another.7' })
  await feed.reached()
  assert.deepEqual(told, ['all of anna hold'])
  await save(ledger, 'bert')
  await feed.reached()
  assert.deepEqual(told, ['all of anna hold', 'bert hold'])
  await ledger.close()
})

test('a page may end in the middle of a save: its decisions still have their case', async () => {
  const ledger = await memoryLedger()
  const { feed, told } = await following(ledger)
  // Rows in threes and twos: one page ends between a case and its decision.
  const expectedRev = 0
  const [first] = [watched('first')]
  await ledger.cases.saveCase({
    expectedRev,
    incident: first,
    decisions: [],
    evidence: [],
    notices: [],
  })
  for (let i = 0; i < CHANGES_AT_ONCE; i++) await save(ledger, `c${i}`)
  await feed.reached()
  const decided = told.filter(one => one.endsWith(' hold'))
  assert.equal(new Set(decided).size, CHANGES_AT_ONCE)
  assert.ok(!told.some(one => one.startsWith('all of')))
  await ledger.close()
})

test('whenever it is woken, nothing is left over', async () => {
  const ledger = await memoryLedger()
  const { feed, told } = await following(ledger)
  const stop = ledger.changes.onChange(feed.wake.bind(feed))
  await Promise.all(Array.from({ length: 100 }, (_, i) => save(ledger, `c${i}`)))
  // Woken for the last time before the last was on disk, it would not be told.
  await feed.idle()
  assert.equal(new Set(told).size, 100)
  stop()
  await ledger.close()
})
