import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../model/duration.ts'
import { DueReports } from './due-reports.ts'

const MIDNIGHT = Date.UTC(2026, 10, 30)
const DUE = MIDNIGHT + 5 * HOUR
const about = 'reports'
const dayOf = (domain: string) => ({ key: domain, day: '2026-11-29', domain })

function chore(send: (domain: string) => Promise<'later' | undefined>) {
  const due = new DueReports()
  const left = new Map<string, ReturnType<typeof dayOf>>()
  const said: string[] = []
  const sent: string[] = []
  const run = (at: number) =>
    due.run([...left.values()], at, {
      about,
      send: async ({ domain }) => {
        sent.push(domain)
        return send(domain)
      },
      forget: async ({ key }) => left.delete(key),
      trouble: error => void said.push(String(error)),
    })
  return { left, said, sent, run, count: (domain: string) => left.set(domain, dayOf(domain)) }
}

test('a clock that is a month ahead for some time loses no report; one that stays too old is given up, and that is told', async () => {
  const { left, said, sent, run, count } = chore(async () => undefined)
  count('far.example')
  for (let i = 0; i < 29; i++) await run(MIDNIGHT + 30 * DAY + i * MINUTE)
  await run(DUE)
  assert.deepEqual([sent, said, left.size], [['far.example'], [], 0])
  count('far.example')
  for (let i = 0; i < 30; i++) await run(MIDNIGHT + 30 * DAY + i * MINUTE)
  assert.deepEqual(said, ['Error: the report of 2026-11-29 to far.example is given up'])
  assert.equal(left.size, 0)
})

test('one that cannot be put into the queue holds up no other, is told, and is tried again an hour later', async () => {
  const state = { full: true }
  const { left, said, sent, run, count } = chore(async domain => {
    if (state.full && domain === 'bad.example') throw new Error('the disk is full')
    return undefined
  })
  count('bad.example')
  count('far.example')
  await run(DUE)
  await run(DUE + 5 * MINUTE)
  assert.deepEqual([...left.keys()], ['bad.example'])
  assert.deepEqual(said, ['Error: the disk is full'])
  state.full = false
  await run(DUE + HOUR)
  assert.deepEqual(sent, ['bad.example', 'far.example', 'bad.example'])
  assert.equal(left.size, 0)
})

test('names whose DNS does not answer are asked side by side, and an hour later again', async () => {
  const state = { asking: 0, most: 0 }
  const { left, sent, run, count } = chore(async () => {
    state.most = Math.max(state.most, ++state.asking)
    await new Promise(setImmediate)
    state.asking--
    return 'later'
  })
  for (let i = 0; i < 100; i++) count(`silent${i}.example`)
  await run(DUE)
  await run(DUE + 30 * MINUTE)
  assert.deepEqual([sent.length, state.most, left.size], [100, 20, 100])
  await run(DUE + HOUR)
  assert.equal(sent.length, 200)
})
