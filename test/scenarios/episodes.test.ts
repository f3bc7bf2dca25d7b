// Evidence by episodes, in shadow, from the door to what is told: what it would decide of people and of bots, with the core, the store and
// the counters of a running Cordon, and that nothing is hindered by it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { EventOf } from '../../src/model/event.ts'
import type { SubjectState } from '../../src/ports/subject-state.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import { episodeWords } from '../../src/cli/episode-words.ts'
import { CUSTOMERS, episodeWorld, LEASES, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const friends = (many: number) => Array.from({ length: many }, (_, n) => `friend${n}@lake.example`)

const decisions = (journal: readonly { readonly kind: string }[]) =>
  journal.filter((one): one is EventOf<'episode-decided'> => one.kind === 'episode-decided')

const shadow = { episodes: 'shadow' } as const

test('thirty clean invoices to new people: a mailing, some of which would wait, and nothing is decided', async () => {
  const world = await episodeWorld(shadow)
  for (let n = 0; n < 30; n++) {
    await world.send([`customer${n}@firm${n}.example`])
    world.wait(20_000)
  }
  const view = await world.view('line:anna')
  assert.deepEqual(view?.seen['firstTimers'], [30, 30])
  assert.deepEqual(view?.seen['spamToNew'], [30, 0])
  assert.equal(view?.decision, 'pace')
  assert.equal(view?.explained[0]?.name, 'mailing')
  assert.deepEqual(decisions(world.cordon.journal), [])
  const [waits] = view?.waits ?? []
  assert.equal(waits?.bucket, 'new')
  assert.ok((waits?.recipients ?? 0) > 5 && (waits?.recipients ?? 0) < 15, JSON.stringify(waits))
  assert.ok((waits?.until ?? 0) > world.now())
  const paced = world.cordon.journal.filter(one => one.kind === 'mail-paced')
  assert.equal(paced.length, 1, 'told when it begins to wait, and not of every message')
  await world.cordon.close()
})

test('a worm that writes to the people its owner knows would be held, and nothing is', async () => {
  const world = await episodeWorld({ ...shadow, knows: friends(120) })
  for (const friend of friends(120)) {
    await world.send([friend], SPAM)
    world.wait(MINUTE)
  }
  const view = await world.view('line:anna')
  assert.deepEqual(view?.seen['firstTimers'], [120, 0])
  assert.deepEqual(view?.seen['spamToKnown'], [120, 120])
  assert.equal(view?.decision, 'hold')
  assert.deepEqual(view?.kinds, ['content'])
  const [first] = decisions(world.cordon.journal)
  assert.deepEqual([first?.subject, first?.before, first?.decision], ['line:anna', 'pace', 'hold'])
  const [waits] = view?.waits ?? []
  assert.equal(waits?.bucket, 'spam-to-known')
  assert.ok((waits?.recipients ?? 0) > 100, JSON.stringify(waits))
  assert.deepEqual(
    world.verdicts.filter(one => one !== 'accept'),
    [],
    'all of it left',
  )
  await world.cordon.close()
})

test('a login from a foreign network that sends spam to strangers: the network is refused, the login stopped, never the line', async () => {
  const world = await episodeWorld(shadow)
  for (let n = 0; n < 25; n++) {
    await world.send([`victim${n}@meadow.example`], SPAM, '198.51.100.66')
    world.wait(3 * MINUTE)
  }
  const subjects = decisions(world.cordon.journal).map(one => `${one.subject} ${one.decision}`)
  assert.ok(subjects.includes('login:anna@isp.example refuse-network'), subjects.join())
  assert.ok(subjects.includes('login:anna@isp.example stop-login'), subjects.join())
  assert.ok(!subjects.some(one => one.startsWith('line:')), subjects.join())
  assert.notEqual(await world.view('source:198.51.100.66'), undefined)
  assert.equal(await world.view('line:anna'), undefined)
  await world.cordon.close()
})

test('what other servers say: acceptances open the window after a minute, and those of a smart host do not', async () => {
  const sending = async (result?: 'smart-host') => {
    const world = await episodeWorld(shadow)
    for (let n = 0; n < 40; n++) {
      await world.send([`customer${n}@firm${n}.example`])
      await world.deliver(result)
      world.wait(30_000)
    }
    const view = await world.view('line:anna')
    await world.cordon.close()
    return { seen: view?.seen, waiting: view?.waits.reduce((sum, one) => sum + one.recipients, 0) }
  }
  const own = await sending()
  assert.deepEqual(
    [own.seen?.['unknownUsers'], own.seen?.['refusals']],
    [
      [40, 0],
      [40, 0],
    ],
  )
  assert.equal(own.waiting, 0)
  const relayed = await sending('smart-host')
  assert.deepEqual(relayed.seen?.['unknownUsers'], [0, 0])
  assert.ok((relayed.waiting ?? 0) > 5)
})

test('what other servers say: dead addresses count each, a domain that refuses once a day, and only where others’ mail is taken', async () => {
  const world = await episodeWorld(shadow)
  for (let n = 0; n < 6; n++) await world.send([`gone${n}@lake.example`])
  await world.deliver('unknown-user')
  assert.deepEqual((await world.view('line:anna'))?.seen['unknownUsers'], [6, 6])
  for (let n = 0; n < 4; n++) await world.send([`new${n}@hill.example`])
  await world.deliver('spam-refused')
  assert.deepEqual((await world.view('line:anna'))?.seen['refusals'], [0, 0], 'nobody’s is taken')
  for (const login of ['a', 'b', 'c'])
    world.cordon.engine.report({
      kind: 'delivery-done',
      at: world.now(),
      message: 'x',
      recipient: 'y@hill.example',
      relay: 'outside',
      login: `${login}@isp.example`,
    })
  world.wait(25 * HOUR)
  for (let n = 0; n < 4; n++) await world.send([`other${n}@hill.example`])
  await world.deliver('spam-refused')
  assert.deepEqual((await world.view('line:anna'))?.seen['refusals'], [1, 1])
  await world.cordon.close()
})

test('of one message to known and new people the answers for new people alone say that a list is stale', async () => {
  const world = await episodeWorld({ ...shadow, knows: friends(3) })
  await world.send([...friends(3), 'new1@meadow.example', 'new2@meadow.example'])
  await world.deliver('unknown-user')
  const view = await world.view('line:anna')
  assert.deepEqual(view?.seen['firstTimers'], [5, 2])
  assert.deepEqual(view?.seen['unknownUsers'], [2, 2])
  await world.cordon.close()
})

test('replayed from the journal it decides the same, byte for byte', async () => {
  const world = await episodeWorld({ ...shadow, knows: friends(30) })
  for (const friend of friends(30)) {
    await world.send([friend], SPAM)
    await world.deliver()
    world.wait(MINUTE)
  }
  for (let n = 0; n < 25; n++) {
    await world.send([`victim${n}@meadow.example`], SPAM, '198.51.100.66')
    await world.deliver(n % 3 === 0 ? 'unknown-user' : undefined)
    world.wait(3 * MINUTE)
  }
  await world.cordon.close()
  const { journal } = world.cordon
  const replay = await startReplay({
    subscribers: CUSTOMERS,
    leases: LEASES,
    domains: ['isp.example'],
    forwards: {},
    ...shipped,
    ...shadow,
  })
  for (const event of journal) await replay.feed(event)
  const again = replay.episodes()
  await replay.end()
  const bytes = (all: readonly EventOf<'episode-decided'>[]) =>
    all.map(({ id: _id, seq: _seq, ...told }) => JSON.stringify(told))
  assert.ok(again.length > 2)
  assert.deepEqual(bytes(again), bytes(decisions(journal)))
})

test('off, nothing of it is kept or told', async () => {
  const world = await episodeWorld({ episodes: 'off' })
  for (let n = 0; n < 30; n++) await world.send([`customer${n}@firm${n}.example`], SPAM)
  assert.equal(await world.view('line:anna'), undefined)
  const kinds = world.cordon.journal.map(one => one.kind)
  assert.ok(!kinds.includes('episode-decided') && !kinds.includes('mail-paced'))
  await world.cordon.close()
})

test('a damaged record is told of and begun anew, and costs no message', async () => {
  const memory = memoryStates(new MemoryCounters())
  const world = await episodeWorld({ ...shadow, states: memory })
  await world.send(['one@meadow.example'])
  const [kept] = await loaded(memory, 'episode:line:anna')
  assert.ok(kept)
  const bytes = kept.bytes.slice()
  bytes[100] = (bytes[100] as number) ^ 1
  await memory.swap({ at: world.now(), ops: [], states: [{ ...kept, bytes }] })
  await world.send(['two@meadow.example'])
  assert.deepEqual(world.verdicts, ['accept', 'accept'])
  assert.deepEqual(
    world.cordon.journal.flatMap(one =>
      one.kind === 'episode-begun-anew' ? [[one.subject, one.why]] : [],
    ),
    [['line:anna', 'its check sum is another']],
  )
  assert.deepEqual((await world.view('line:anna'))?.seen['firstTimers'], [1, 1])
  await world.cordon.close()
})

test('a store that fails costs no message, and is told of', async () => {
  const failed = async () => ({ failed: 'the disk is gone' })
  const troubles: string[] = []
  const world = await episodeWorld({
    ...shadow,
    states: { load: failed, swap: failed },
    trouble: error => void troubles.push(String(error)),
  })
  await world.send(['one@meadow.example'])
  assert.deepEqual(world.verdicts, ['accept'])
  assert.match(troubles.join(), /the disk is gone/)
  await world.cordon.close()
})

test('what is kept is there after a restart, and another who wrote meanwhile loses nothing', async () => {
  const memory = memoryStates(new MemoryCounters())
  let swaps = 0
  const stale: SubjectState = {
    load: keys => memory.load(keys),
    swap: swap => (++swaps % 3 === 0 ? { outcome: 'stale' } : memory.swap(swap)),
  }
  const first = await episodeWorld({ ...shadow, states: stale })
  for (let n = 0; n < 10; n++) await first.send([`a${n}@meadow.example`])
  await first.cordon.close()
  const second = await episodeWorld({ ...shadow, states: memory })
  second.wait(HOUR)
  for (let n = 0; n < 5; n++) await second.send([`b${n}@meadow.example`])
  assert.deepEqual((await second.view('line:anna'))?.seen['firstTimers'], [15, 15])
  await second.cordon.close()
})

async function loaded(states: SubjectState, key: string) {
  const found = await states.load([key])
  assert.ok('states' in found)
  return found.states
}

test('what staff read of it: what was seen, what explains it, what would wait and until when', async () => {
  const world = await episodeWorld(shadow)
  for (let n = 0; n < 20; n++) await world.send([`customer${n}@firm${n}.example`])
  const view = await world.view('line:anna')
  assert.ok(view)
  const lines = episodeWords(view).split('\n')
  for (const [i, expected] of [
    /^episodes \(shadow: nothing is restricted by them\)$/,
    /^ {2}last episode: 2026-01-05T08:00:00Z to 2026-01-05T08:00:00Z$/,
    /^ {2}20 of 20 recipients never written to before$/,
    /^ {2}0 of 20 scanned messages to such recipients judged spam$/,
    /^ {2}S \d\.\d, z \d\.\d, X \d\.\d nats; kinds: recipients$/,
    /; if the subject is clean: mailing \d\d %/,
    /^ {2}decision: pace$/,
    /^ {2}would wait: \d recipients to new people, the last until about 2026-01-05T08:\d\d:\d\dZ$/,
  ].entries())
    assert.match(lines[i] ?? '', expected)
  await world.cordon.close()
})

test('a business of thousands: those to whom it wrote within 400 days are no strangers to it', async () => {
  const knows = Array.from({ length: 3000 }, (_, i) => `buyer${i}@town${i}.example`)
  const world = await episodeWorld({ ...shadow, knows })
  const strangers = async () => {
    for (const n of [0, 700, 1500, 2200, 2999]) await world.send([`buyer${n}@town${n}.example`])
    const taken = world.cordon.journal.flatMap(one => (one.kind === 'tx-commit' ? [one] : []))
    return taken.slice(-5).reduce((sum, { facts }) => sum + facts.firstTime, 0)
  }
  assert.equal(await strangers(), 0)
  world.wait(399 * DAY)
  assert.equal(await strangers(), 0)
  world.wait(401 * DAY)
  assert.equal(await strangers(), 5)
  await world.cordon.close()
})
