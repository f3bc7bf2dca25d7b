// How wrong Cordon may be, and what does not help a bot: the promises of docs/how-it-works.md, tested.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANSWERED, type Cell, MESSAGE } from '../../src/core/detection/evidence-table.ts'
import { forgottenPerDay } from '../../src/core/detection/sum.ts'
import { nats } from '../../src/core/detection/nats.ts'
import type { NewEvent } from '../../src/model/event.ts'
import { lineOf, loginOf } from '../../src/model/evidence.ts'
import { readPopulation } from '../../src/simulation/population/population-file.ts'
import { random } from '../../src/simulation/population/random.ts'
import { simulatePerson } from '../../src/simulation/virtual/simulate-person.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { shipped } from '../support/shipped.ts'
import { customer } from '../support/small-cordon.ts'

test('clean subscribers cross a threshold at most n e^-h times a day', () => {
  const n = 10
  const days = 10_000 * 365
  for (const h of [4, 7, 9]) {
    for (const contents of [['spam', 'clean'], ['unseen']]) {
      const crossings = crossingsIn(days, { n, h, contents, seed: `${h} ${contents}` })
      const allowed = days * n * Math.exp(-h)
      assert.ok(
        crossings <= allowed,
        `h ${h}, ${contents}: ${crossings} false alarms, at most ${allowed} allowed`,
      )
    }
  }
})

/** False alarms of one clean subscriber at the 99th percentile over so many days, the sum starting anew after each. */
function crossingsIn(
  days: number,
  of: { n: number; h: number; contents: readonly string[]; seed: string },
): number {
  const draw = random(of.seed)
  const increments = drawTable(of.contents)
  const perDay = forgottenPerDay(of.n)
  let sum = 0
  let at = 0
  let last = 0
  let crossings = 0
  for (;;) {
    at += draw.wait(of.n)
    if (at > days) return crossings
    const z = increments(draw.next())
    if (z === 0) continue
    sum = Math.max(0, sum - perDay * (at - last)) + z
    last = at
    if (sum >= of.h) {
      crossings++
      sum = 0
    }
  }
}

/** Draws the increment of one clean message: its cell by p0, with or without a bad answer. */
function drawTable(contents: readonly string[]): (u: number) => number {
  const cells: { until: number; z: number }[] = []
  let until = 0
  const add = (cell: Cell, p0: number) => {
    until += p0
    cells.push({ until, z: nats(cell) })
  }
  for (const [name, cell] of Object.entries(MESSAGE)) {
    if (!contents.includes(name.split('/')[0] ?? '')) continue
    const answers = Object.entries(ANSWERED).filter(([answered]) => answered.startsWith(`${name}/`))
    for (const [, answered] of answers)
      add(nats(answered) > nats(cell) ? answered : cell, answered.p0)
    add(cell, cell.p0 - answers.reduce((sum, [, answered]) => sum + answered.p0, 0))
  }
  return u => cells.find(cell => u < cell.until)?.z ?? 0
}

test('days that come in runs, with errors twice as many as the tables say, isolate no person and hold once in five years', () => {
  const population = readPopulation('populations/first.yaml')
  for (const [person, filter, people] of [
    ['ordinary', '.9/.02', 12],
    ['ordinary', 'none', 4],
    ['invoices', '.5/.02', 4],
  ] as const) {
    const chosen = { population, filter, seed: '1', errors: 2 }
    const row = simulatePerson(person, { people, years: 2 }, chosen)
    const wrong = [row.isolations.count, row.stops.count, row.refused]
    assert.deepEqual(wrong, [0, 0, 0], `${person}, ${filter}`)
    assert.ok(row.holds <= 0.2, `${person}, ${filter}: ${row.holds} holds a year`)
  }
})

const START = Date.UTC(2026, 0, 5)
function cordonFor(leases: Parameters<typeof virtualCordon>[0]['leases']) {
  return virtualCordon({
    subscribers: [customer('anna'), customer('bert')],
    leases,
    domains: ['isp.example'],
    forwards: {},
    scanner: { name: 'none', sees: 'ours', scan: async () => ({ content: 'unseen' }) },
    ...shipped,
    // The sums of the table.
    episodes: 'shadow',
    now: () => START,
  })
}

type CommitEvent = Extract<NewEvent, { kind: 'tx-commit' }>

/** A message as the engine would have recorded it. */
function message(
  n: number,
  rest: Partial<CommitEvent['facts']> & { at?: number } = {},
): CommitEvent {
  const { at, ...facts } = rest
  return {
    kind: 'tx-commit',
    id: `event-${n}`,
    at: at ?? START + n * 1000,
    who: {
      realm: 'main',
      address: '203.0.113.7',
      sure: 'certain',
      subscriber: 'anna',
      login: 'anna@isp.example',
    },
    session: `s${n}`,
    message: `m${n}`,
    listener: 'submission',
    sender: 'anna@isp.example',
    correspondents: [],
    size: 1000,
    fingerprint: `f${n}`,
    facts: {
      content: 'spam',
      repeated: false,
      recipients: 1,
      firstTime: 1,
      exempt: false,
      subjects: [lineOf('anna')],
      ...facts,
    },
    lastHour: {},
    usual: { [lineOf('anna')]: 5 },
  }
}

const home = [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }]

test('two harmless mails for every spam buy a bot nothing', async () => {
  const untilContained = async (harmless: number) => {
    const cordon = await cordonFor(home)
    let n = 0
    let spams = 0
    while (
      cordon.ledger.cases.inForce(lineOf('anna')).every(one => one.kind !== 'isolate') &&
      spams < 100
    ) {
      for (let i = 0; i < harmless; i++)
        cordon.engine.report(message(n++, { content: 'clean', firstTime: 0 }))
      cordon.engine.report(message(n++))
      spams++
      await cordon.engine.idle()
    }
    await cordon.close()
    return spams
  }
  const alone = await untilContained(0)
  assert.ok(alone <= 4, `${alone}`)
  assert.equal(await untilContained(2), alone)
  assert.equal(await untilContained(20), alone)
})

test('one event told three times counts once', async () => {
  const cordon = await cordonFor(home)
  for (let i = 0; i < 3; i++) cordon.engine.report(message(1))
  await cordon.engine.idle()
  assert.equal((await cordon.ledger.cases.evidence(lineOf('anna'), 10)).length, 1)
  await cordon.close()
})

test('a foreign address cannot feed a line', async () => {
  const cordon = await cordonFor(home)
  for (let i = 0; i < 30; i++) {
    cordon.engine.report({
      kind: 'egress-attempt',
      at: START + i,
      who: {
        realm: 'main',
        address: '192.0.2.99',
        port: 4000,
        login: 'anna@isp.example',
        sure: 'unknown',
      },
      destination: `198.51.100.${i}`,
      port: 25,
      completed: true,
      antiSpoofed: true,
      outcome: 'refused',
    })
  }
  // Spam through anna's login from elsewhere: the login's case, and only the login's.
  for (let i = 0; i < 6; i++) await submit(cordon, '192.0.2.99', i)
  await cordon.engine.idle()
  assert.equal(cordon.ledger.cases.open(lineOf('anna')), undefined)
  assert.ok((cordon.ledger.cases.open(loginOf('anna@isp.example'))?.sum ?? 0) > 5)
  await cordon.close()
})

test('a shared address without a port that tells is never enforced', async () => {
  const shared = { realm: 'main', prefix: '203.0.113.7/32', from: 0 }
  const cordon = await cordonFor([
    { ...shared, subscriber: 'anna', ports: [1024, 32_767] },
    { ...shared, subscriber: 'bert', ports: [32_768, 65_535] },
  ])
  knock(cordon, { times: 40, trustworthy: true })
  await cordon.engine.idle()
  assert.deepEqual(cordon.ledger.cases.allInForce(), [])
  assert.deepEqual(cordon.network(), [])
  // With the port it is known who it was, and the other home stays open.
  knock(cordon, { times: 30, port: 40_000, trustworthy: true })
  await cordon.engine.idle()
  assert.deepEqual(
    cordon.network().map(entry => [entry.subscriber, entry.state]),
    [['bert', 'isolated']],
  )
  await cordon.close()
})

test('a SYN that could be forged frames nobody', async () => {
  const cordon = await cordonFor(home)
  knock(cordon, { times: 60, port: 4000, trustworthy: false })
  await cordon.engine.idle()
  assert.equal(cordon.ledger.cases.open(lineOf('anna')), undefined)
  await cordon.close()
})

test('SYNs that could be forged, and what is let through, do not make one honest knock look like many', async () => {
  for (const outcome of ['refused', 'passed'] as const) {
    const cordon = await cordonFor(home)
    knock(cordon, { times: 60, port: 4000, trustworthy: outcome === 'passed', outcome })
    knock(cordon, { times: 1, port: 4000, trustworthy: true })
    await cordon.engine.idle()
    assert.equal(cordon.ledger.cases.open(lineOf('anna')), undefined, outcome)
    await cordon.close()
  }
})

/** Tries port 25 of so many servers from 203.0.113.7. */
function knock(
  cordon: Awaited<ReturnType<typeof cordonFor>>,
  how: {
    readonly times: number
    readonly port?: number
    readonly trustworthy: boolean
    readonly outcome?: 'refused' | 'passed'
  },
): void {
  const port = how.port === undefined ? {} : { port: how.port }
  for (let i = 0; i < how.times; i++) {
    cordon.engine.report({
      kind: 'egress-attempt',
      at: START + i,
      who: { realm: 'main', address: '203.0.113.7', sure: 'unknown', ...port },
      destination: `198.51.100.${i}`,
      port: 25,
      completed: how.trustworthy,
      antiSpoofed: how.trustworthy,
      outcome: how.outcome ?? 'refused',
    })
  }
}

async function submit(
  cordon: Awaited<ReturnType<typeof cordonFor>>,
  address: string,
  n: number,
  to = `stranger-${n}@meadow.example`,
): Promise<string> {
  const draft = await cordon.engine.open({
    session: `s${n}`,
    listener: 'submission',
    at: START + 60_000 * n,
    client: { realm: 'main', address, port: 4000 },
    tls: true,
    helo: 'x',
    login: 'anna@isp.example',
    sender: 'anna@isp.example',
    recipients: [to],
    extended: true,
    esmtp: {},
  })
  await draft.write(
    Buffer.from(`From: <anna@isp.example>\r\nSubject: ${n}\r\n\r\nHello stranger number ${n}\r\n`),
  )
  return (await draft.finish()).verdict.kind
}

test('over a limit mail is held, not refused, its sender is told once, and it goes when there is room', async () => {
  let now = START
  const cordon = await virtualCordon({
    subscribers: [customer('anna')],
    leases: home,
    domains: ['isp.example'],
    forwards: {},
    scanner: { name: 'none', sees: 'ours', scan: async () => ({ content: 'clean' }) },
    ...shipped,
    // The sums of the table.
    episodes: 'shadow',
    now: () => now,
  })
  const verdicts: string[] = []
  for (let i = 0; i < 65; i++)
    verdicts.push(await submit(cordon, '203.0.113.7', 0, 'bert@isp.example'))
  await cordon.engine.idle()
  assert.equal(verdicts.filter(kind => kind === 'accept').length, 60)
  assert.equal(verdicts.filter(kind => kind === 'hold').length, 5)
  assert.equal(
    cordon.journal.filter(event => event.kind === 'notice-sent' && event.notice === 'over-limit')
      .length,
    1,
  )
  now += 2 * 3_600_000
  await cordon.engine.chores.secondLook(now)
  assert.deepEqual(await cordon.spool.list({ state: 'held' }), [])
  await cordon.close()
})

test('protocol violations of a client of ours are told once, and of strangers not at all', async () => {
  const cordon = await cordonFor([
    { realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 },
  ])
  const mail = (address: string, at: number, rest = {}) =>
    cordon.engine.judge({
      session: 's',
      listener: 'inbound',
      stage: 'mail',
      at,
      client: { realm: 'main', address, port: 4000 },
      tls: false,
      helo: 'home.example',
      sender: 'anna@isp.example',
      ...rest,
    })
  for (let day = 0; day < 5; day++)
    await mail('203.0.113.7', START + day * 86_400_000, { violations: ['pipelining'] })
  await mail('198.51.100.9', START, { violations: ['pipelining'] })
  // Everybody behind a router greets with an inside address.
  await mail('203.0.113.7', START, { helo: '[192.168.1.5]' })
  await cordon.engine.idle()
  const weighed = cordon.journal.filter(event => event.kind === 'evidence-weighed')
  assert.deepEqual(
    weighed.map(({ subject, cell }) => `${subject} ${cell}`),
    ['line:anna session/protocol-violation'],
  )
  const lied = cordonFor([{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }])
  const other = await lied
  await other.engine.judge({
    session: 's',
    listener: 'submission',
    stage: 'mail',
    at: START,
    client: { realm: 'main', address: '203.0.113.7', port: 4000 },
    tls: true,
    helo: '[198.51.100.1]',
    login: 'anna@isp.example',
    sender: 'anna@isp.example',
  })
  await other.engine.idle()
  assert.ok(other.journal.some(event => event.kind === 'protocol-violation'))
  await other.close()
  await cordon.close()
})
