// What we do not take because of us (a full disk) is as if it had never come: it counts for no limit, makes nobody known, and says nothing of
// whoever sent it. Whatever came meanwhile, a Cordon whose disk was full says afterwards what one says that nobody wrote to.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import { SECOND } from '../../src/model/duration.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { type VirtualCordon, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { ANNA, START } from '../support/annas-trouble.ts'
import { shipped } from '../support/shipped.ts'
import { customer } from '../support/small-cordon.ts'

const TRAP = 'never.given@isp.example'
const LOGIN = 'anna@isp.example'

type FullDiskWorld = {
  full: boolean
  readonly cordon: VirtualCordon
  readonly counters: MemoryCounters
}

/** Anna's Cordon, with a disk that can be full; a message with "pills" in it is spam. */
async function world(): Promise<FullDiskWorld> {
  const disk = { full: false }
  const spool = directSpool()
  const counters = new MemoryCounters()
  const cordon = await virtualCordon({
    subscribers: [customer('anna'), customer('bert')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    scanner: {
      name: 'words',
      sees: 'ours',
      scan: async ({ read }) => {
        let text = ''
        for await (const bytes of read()) text += Buffer.from(bytes).toString()
        return { content: text.includes('pills') ? 'spam' : 'clean' }
      },
    },
    ...shipped,
    // The sums of the table.
    episodes: 'shadow',
    policy: {
      ...shipped.policy,
      quotas: {
        timeZone: 'UTC',
        quotas: [
          {
            name: 'people',
            listeners: ['submission'],
            per: ['login'],
            count: 'distinct-recipients',
            limit: 40,
            in: 86_400_000,
            over: 'hold',
          },
        ],
      },
    },
    traps: [TRAP],
    counters,
    spool: fillable(spool, disk),
    now: () => START,
  })
  return Object.assign(disk, { cordon, counters })
}

const fillable = (spool: Spool, disk: { full: boolean }): Spool => ({
  ...spool,
  open: () => {
    const draft = spool.open()
    return {
      ...draft,
      commit: async message => {
        if (!disk.full) return draft.commit(message)
        await draft.abort()
        throw new StoreUnavailable('disk is full')
      },
    }
  },
})

type AnnasMail = { readonly at: number; readonly to: readonly string[]; readonly text: string }

/** One message of Anna's; what came of it, `undefined` when the disk was full. */
async function send(
  { cordon }: FullDiskWorld,
  { at, to, text }: AnnasMail,
): Promise<string | undefined> {
  const draft = await cordon.engine.open({
    session: `s${at}`,
    listener: 'submission',
    at,
    client: { realm: 'main', address: '203.0.113.7', port: 4000 },
    tls: true,
    helo: 'home.example',
    login: LOGIN,
    sender: LOGIN,
    recipients: to,
    extended: true,
    esmtp: {},
  })
  await draft.write(
    Buffer.from(`From: <${LOGIN}>\r\nSubject: x\r\n\r\n${`${text} `.repeat(30)}\r\n`),
  )
  try {
    return (await draft.finish()).verdict.kind
  } catch (error) {
    assert.ok(error instanceof StoreUnavailable)
    return undefined
  }
}

const KINDS: readonly (Omit<AnnasMail, 'at'> & { readonly what: string })[] = [
  { what: 'spam to strangers', to: ['x@meadow.example'], text: 'cheap pills' },
  { what: 'mail to people new to her', to: ['y@hill.example', 'z@hill.example'], text: 'hello' },
  {
    what: 'mail to people known and new',
    to: ['known@hill.example', 'new@hill.example'],
    text: 'hi',
  },
  { what: 'mail to an address nobody was given', to: [TRAP], text: 'hello there' },
]

/** What is said of the same mail afterwards. */
async function afterwards(world: FullDiskWorld, mail: Omit<AnnasMail, 'at'>) {
  world.full = false
  const at = START + 100 * SECOND
  const verdicts = [
    await send(world, { ...mail, at }),
    await send(world, { at: at + 1, to: ['w@meadow.example'], text: 'good morning' }),
    await send(world, { ...mail, at: at + 2 }),
  ]
  await world.cordon.engine.idle()
  const { cases } = world.cordon.ledger
  const told = world.cordon.journal
    .filter(one => one.kind === 'tx-commit' && one.at >= at)
    .map(one => one.kind === 'tx-commit' && [one.facts, one.lastHour, one.usual, one.trapTexts])
  return {
    verdicts,
    told,
    cases: [ANNA, `login:${LOGIN}` as const].map(one => {
      const open = cases.open(one)
      return open && [open.status, open.sum, open.kinds]
    }),
    limits: world.counters.apply({ at, mode: 'peek', ops: LIMITS }),
  }
}

const LIMITS = ['limit-messages', 'limit-recipients', 'limit-first'].flatMap(name =>
  [`login:${LOGIN}`, 'line:anna'].map(
    whom =>
      ({
        op: 'sum',
        key: `${whom}#${name}`,
        amount: 0,
        window: name === 'limit-first' ? 86_400_000 : 3_600_000,
      }) as const,
  ),
)

for (const { what, ...mail } of KINDS)
  test(`${what}, tried again and again while the disk is full`, async () => {
    const [tried, untouched] = [await world(), await world()]
    for (const one of [tried, untouched])
      assert.equal(
        await send(one, { at: START, to: ['known@hill.example'], text: 'first' }),
        'accept',
      )
    tried.full = true
    for (let i = 1; i <= 60; i++)
      assert.equal(await send(tried, { ...mail, at: START + i * SECOND }), undefined)
    await tried.cordon.engine.idle()
    assert.deepEqual(tried.cordon.ledger.cases.allInForce(), [])
    assert.deepEqual(await afterwards(tried, mail), await afterwards(untouched, mail))
    await tried.cordon.close()
    await untouched.cordon.close()
  })

test('a bot is found by what is taken of it, whatever was not', async () => {
  const bot = await world()
  const verdicts = new Set<string | undefined>()
  for (let i = 0; i < 40; i++) {
    bot.full = i % 2 === 0
    const text = `cheap pills ${i} ${'abcdefghij'[i % 10]}`
    verdicts.add(await send(bot, { at: START + i * SECOND, to: [`v${i}@meadow.example`], text }))
  }
  await bot.cordon.engine.idle()
  assert.deepEqual(verdicts, new Set([undefined, 'accept', 'hold']))
  assert.equal(bot.cordon.ledger.cases.open(ANNA)?.status, 'contained')
  await bot.cordon.close()
})

test('many at once: who passes the threshold is held, and nothing goes out past it', async () => {
  const one = await world()
  const all = Array.from({ length: 30 }, (_, i) =>
    send(one, { at: START + i, to: [`v${i}@meadow.example`], text: `cheap pills ${i} of them` }),
  )
  const verdicts = await Promise.all(all)
  await one.cordon.engine.idle()
  const accepted = verdicts.filter(verdict => verdict === 'accept').length
  assert.ok(accepted <= 3, `${accepted} were let through before it was held`)
  const queued = await one.cordon.spool.list({ state: 'queued' })
  assert.ok(queued.length <= accepted, `${queued.length} on their way`)
  await one.cordon.close()
})
