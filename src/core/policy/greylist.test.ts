import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fact, judging } from '../../../test/support/judging.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { foldSender, greylist, type GreylistSettings } from './greylist.ts'
import type { Mode } from './rule.ts'

const SETTINGS: GreylistSettings = {
  delay: 5 * MINUTE,
  window: DAY,
  keep: 35 * DAY,
  trusted: { count: 5, share: 0.9 },
  distrusted: 100,
  list: { recipients: 25, delay: HOUR },
  prefixLength4: 24,
  prefixLength6: 64,
  bySpf: true,
  knownGood: [],
  of: 'all',
}

/** A local part without numbers, which are not told apart. */
const WORDS = (i: number) => [...`${i}`].map(digit => 'ghijklmnop'[Number(digit)]).join('')

type GreylistedStep = { at?: number; address?: string; sender?: string; recipient?: string }

function town(
  mode: Mode = 'enforce',
  {
    settings = SETTINGS,
    ask,
    counters,
  }: { settings?: GreylistSettings; ask?: Lookups['ask']; counters?: MemoryCounters } = {},
) {
  const { rcpt, message } = judging([greylist(mode, settings)], ask, counters)
  /** Asks at RCPT and, where that is accepted, hands in the message. */
  const mail = async ({ address = '198.51.100.7', ...said }: GreylistedStep): Promise<string> => {
    const step = { ...said, client: { realm: 'main', address, port: 25 } }
    const { verdict } = await rcpt(step)
    if (verdict.kind !== 'accept') return verdict.kind
    const recipients = [said.recipient ?? 'bert@isp.example']
    return (await message({ ...step, recipients })).verdict.kind
  }
  return { mail, rcpt }
}

test('a first attempt is deferred, one that comes back too soon, too; a later one is let in, and stays so', async () => {
  const { mail } = town()
  assert.equal(await mail({ at: 0 }), 'defer')
  assert.equal(await mail({ at: 4 * MINUTE }), 'defer')
  assert.equal(await mail({ at: 5 * MINUTE }), 'accept')
  assert.equal(await mail({ at: 20 * DAY }), 'accept')
  assert.equal(await mail({ at: 20 * DAY, recipient: 'carl@isp.example' }), 'defer')
  assert.equal(await mail({ at: 60 * DAY }), 'defer', 'not for ever')
})

test('a pool of forty addresses is one sender', async () => {
  const { mail } = town()
  assert.equal(await mail({ at: 0, address: '198.51.100.1' }), 'defer')
  for (let i = 2; i <= 40; i++)
    assert.equal(await mail({ at: 10 * MINUTE + i, address: `198.51.100.${i}` }), 'accept')
  assert.equal(await mail({ at: HOUR, address: '203.0.113.1' }), 'defer', 'another network')
})

test('who came back five times, and nearly always, is not asked any more', async () => {
  const { mail } = town()
  for (let i = 0; i < 5; i++) {
    const one = { recipient: `p${i}@isp.example` }
    assert.equal(await mail({ at: i * HOUR, ...one }), 'defer')
    assert.equal(await mail({ at: i * HOUR + 10 * MINUTE, ...one }), 'accept')
  }
  assert.equal(await mail({ at: 6 * HOUR, recipient: 'new@isp.example' }), 'accept')
})

test('five who came back among many who did not earn nothing', async () => {
  const { mail } = town()
  for (let i = 0; i < 20; i++) await mail({ at: i, recipient: `lost${i}@isp.example` })
  for (let i = 0; i < 5; i++) {
    const one = { recipient: `p${i}@isp.example` }
    await mail({ at: i * HOUR, ...one })
    assert.equal(await mail({ at: i * HOUR + 10 * MINUTE, ...one }), 'accept')
  }
  assert.equal(await mail({ at: 6 * HOUR, recipient: 'new@isp.example' }), 'defer')
})

test('a whole list that comes again is no retry, a message for a few is', async () => {
  const { mail } = town()
  const all = (at: number) =>
    Promise.all(
      Array.from({ length: 40 }, (_, i) => mail({ at, recipient: `list${i}@isp.example` })),
    )
  await all(0)
  const again = await all(6 * MINUTE)
  assert.ok(again.every(verdict => verdict === 'defer'))
  const few = [1, 2, 3].map(i => ({ recipient: `few${i}@isp.example`, sender: 'x@copper.example' }))
  for (const one of few) assert.equal(await mail({ at: 0, ...one }), 'defer')
  for (const one of few) assert.equal(await mail({ at: 6 * MINUTE, ...one }), 'accept')
})

test('an address that tried a hundred and never came back stays deferred', async () => {
  const { mail } = town()
  for (let i = 0; i < 100; i++)
    await mail({ at: i * HOUR, sender: `s${i}@copper.example`, recipient: `r${i}@isp.example` })
  const last = { sender: 's99@copper.example', recipient: 'r99@isp.example' }
  assert.equal(await mail({ at: 100 * HOUR, ...last }), 'defer')
})

test('beyond five hundred that wait, a network waits as one, and no row is added', async () => {
  const rows = new Set<string>()
  const counters = new MemoryCounters((kind, key) => rows.add(`${kind} ${key}`))
  const { mail } = town('enforce', { settings: { ...SETTINGS, distrusted: 10_000 }, counters })
  const one = (i: number) => ({
    sender: `${WORDS(i)}@copper.example`,
    address: `198.51.100.${i % 250}`,
  })
  for (let i = 0; i < 600; i++) assert.equal(await mail({ at: i, ...one(i) }), 'defer')
  const before = rows.size
  for (let i = 600; i < 2000; i++) await mail({ at: i, ...one(i) })
  assert.equal(rows.size, before)
  assert.equal(await mail({ at: 10 * MINUTE, ...one(3000) }), 'accept', 'who comes back is let in')
  assert.equal(await mail({ at: 10 * MINUTE, address: '203.0.113.1' }), 'defer', 'other networks')
})

test('however many senders of a network are let in, they leave no row each', async () => {
  const rows = new Set<string>()
  const counters = new MemoryCounters((kind, key) => rows.add(`${kind} ${key}`))
  const { mail, rcpt } = town('enforce', { counters })
  const passed = async (sender: string) => {
    await mail({ at: 0, sender })
    assert.equal(await mail({ at: 6 * MINUTE, sender }), 'accept')
  }
  const one = (i: number) => `${WORDS(i)}@copper.example`
  for (let i = 0; i < 5; i++) await passed(one(i))
  const before = rows.size
  for (let i = 5; i < 2000; i++)
    assert.equal(await mail({ at: HOUR + i, sender: one(i) }), 'accept')
  // Where nothing comes after RCPT.
  for (let i = 2000; i < 3000; i++) {
    const { verdict } = await rcpt({ at: HOUR + i, sender: one(i), commits: true })
    assert.equal(verdict.kind, 'accept')
  }
  // What was looked at for each; nothing of it stands for one sender.
  assert.ok(rows.size <= before + 2, `${rows.size - before} more rows`)
})

test('a client that came back is accepted from what is known of its network, without a row of its own', async () => {
  const rows = new Set<string>()
  const counters = new MemoryCounters((kind, key) => rows.add(`${kind} ${key}`))
  // Never trusted as a whole.
  const settings = { ...SETTINGS, trusted: { count: 1_000_000, share: 1 }, distrusted: 1000 }
  const { mail } = town('enforce', { settings, counters })
  const one = (i: number) => ({ sender: `${WORDS(i)}@copper.example` })
  for (let i = 0; i < 300; i++) await mail({ at: i, ...one(i) })
  const before = rows.size
  for (let i = 0; i < 300; i++) assert.equal(await mail({ at: 10 * MINUTE, ...one(i) }), 'accept')
  assert.ok(rows.size <= before + 2, `${rows.size - before} more rows`)
  for (let i = 0; i < 300; i++) assert.equal(await mail({ at: 20 * DAY, ...one(i) }), 'accept')
  assert.equal(await mail({ at: 20 * DAY, ...one(301) }), 'defer')
})

test('beyond half a million no new attempt is deferred, and what waits goes on waiting', async () => {
  const rows = new Set<string>()
  const counters = new MemoryCounters((kind, key) => rows.add(`${kind} ${key}`))
  const { mail } = town('enforce', { counters })
  assert.equal(await mail({ at: 0 }), 'defer')
  const op = { op: 'sum', key: 'grey-rows', amount: 499_999, window: SETTINGS.keep } as const
  counters.apply({ at: 0, mode: 'take', ops: [op] } as never)
  assert.equal(await mail({ at: MINUTE }), 'defer')
  const before = rows.size
  assert.equal(await mail({ at: MINUTE, address: '203.0.113.1' }), 'accept')
  // Nor is anything kept of what it passed: however many networks come, there is no more of them than of those that waited.
  for (let i = 0; i < 100; i++)
    assert.equal(await mail({ at: MINUTE, address: `203.0.${i}.1` }), 'accept')
  assert.equal(rows.size, before)
})

test('of networks that waited some thousand share a row, and the one without mail for longest goes', async () => {
  const counters = new MemoryCounters()
  const networkRows: string[] = []
  const apply = counters.apply.bind(counters)
  counters.apply = batch => {
    for (const { key } of batch.ops) if (key.startsWith('grey-networks:')) networkRows.push(key)
    return apply(batch)
  }
  const { mail } = town('enforce', { counters })
  const pass = async (at: number, address: string) => {
    assert.equal(await mail({ at, address }), 'defer')
    assert.equal(await mail({ at: at + 6 * MINUTE, address }), 'accept')
  }
  const others = (from: number, to: number, at: number) => {
    const members = Array.from({ length: to - from }, (_, i) => `other ${from + i}`)
    const op = {
      op: 'distinct',
      key: networkRows[0] ?? '',
      members,
      window: SETTINGS.keep,
    } as const
    apply({ at, mode: 'take', ops: [op] })
  }
  await pass(0, '198.51.100.7')
  // It sends now and then, and stays while a thousand others come and go.
  for (let i = 0; i < 5; i++) {
    others(1000 * i, 1000 * (i + 1), 20 * i * DAY + HOUR)
    assert.equal(await mail({ at: (20 * i + 1) * DAY, address: '198.51.100.7' }), 'accept')
  }
  assert.equal(new Set(networkRows).size, 1)
  // Then it is silent, and more come than are remembered: what it sends now does not keep it.
  others(10_000, 12_000, 90 * DAY)
  assert.equal(await mail({ at: 100 * DAY, address: '198.51.100.7' }), 'accept')
  assert.equal(await mail({ at: 117 * DAY, address: '198.51.100.7' }), 'defer')
})

test('what VERP, BATV, SRS and numbers change is one sender', () => {
  const same = [
    ['list-1234@meadow.example', 'list-98f7@meadow.example'],
    ['news+bert=isp.example@meadow.example', 'news+carl=isp.example@meadow.example'],
    ['prvs=1234abcdef=ann@meadow.example', 'prvs=9876fedcba=ann@meadow.example'],
    ['SRS0=aaa=bb=meadow.example=ann@copper.example', 'SRS0=ccc=dd=tin.example=joe@copper.example'],
  ] as const
  for (const [a, b] of same) assert.equal(foldSender(a), foldSender(b))
  assert.notEqual(foldSender('ann@meadow.example'), foldSender('joe@meadow.example'))
})

test('our own machines and logins are not greylisted; observe accepts all', async () => {
  const { mail, rcpt } = town()
  assert.equal(await mail({ address: '10.1.2.3' }), 'accept')
  assert.equal((await rcpt({ login: 'anna@isp.example' })).verdict.kind, 'accept')
  const observing = town('observe')
  assert.equal(await observing.mail({}), 'accept')
})

test('where nothing comes after RCPT, coming back is noted there', async () => {
  const { rcpt } = town()
  const ask = async (at: number) => (await rcpt({ at, commits: true })).verdict.kind
  assert.deepEqual([await ask(0), await ask(6 * MINUTE)], ['defer', 'accept'])
  // Remembered longer than the window of a first attempt.
  assert.equal(await ask(10 * DAY), 'accept')
})

/** SPF passes for every server of big.example; list.example knows one address; two have names. */
const known: Lookups['ask'] = async question => {
  switch (question.about) {
    case 'spf': {
      const result = question.sender.endsWith('@mail.big.example') ? 'pass' : 'none'
      return fact('spf', { result, domain: 'mail.big.example' })
    }
    case 'listed':
      return fact('listed', question.of === '203.0.113.77' ? ['127.0.5.1'] : [])
    case 'reverse-name': {
      const named: Record<string, string> = {
        '198.51.100.7': 'mx.meadow.example',
        '198.51.100.9': 'dsl-198-51-100-9.line.example',
      }
      const names = [named[question.address] ?? []].flat()
      return fact('reverse-name', { names, confirmed: names })
    }
    default:
      return { about: question.about, failed: 'nobody asks this' }
  }
}

test('a pool all over the world that sends for one domain (SPF) is one sender', async () => {
  const { mail } = town('enforce', { ask: known })
  const from = (i: number) => ({ address: `${i + 1}.51.100.7`, sender: 'news@mail.big.example' })
  assert.equal(await mail({ at: 0, ...from(0) }), 'defer')
  for (let i = 1; i < 40; i++)
    assert.equal(await mail({ at: 10 * MINUTE + i, ...from(i) }), 'accept')
  const forged = { ...from(50), sender: 'news@small.example' }
  assert.equal(await mail({ at: HOUR, ...forged }), 'defer')
})

test('a server in a list of good ones is not asked', async () => {
  const { mail } = town('enforce', {
    settings: { ...SETTINGS, knownGood: ['list.example'] },
    ask: known,
  })
  assert.equal(await mail({ address: '203.0.113.77' }), 'accept')
  const other = { recipient: 'carl@isp.example' }
  assert.equal(await mail({ address: '203.0.113.78', ...other }), 'defer')
})

test('if one wants: only who has no name, or that of a line', async () => {
  const { mail } = town('enforce', { settings: { ...SETTINGS, of: 'suspicious' }, ask: known })
  assert.equal(await mail({ address: '198.51.100.7' }), 'accept')
  const other = { recipient: 'carl@isp.example' }
  assert.equal(await mail({ address: '198.51.100.8', ...other }), 'defer')
  assert.equal(await mail({ address: '198.51.100.9', ...other }), 'defer')
  const vouched = { address: '198.51.100.8', sender: 'news@mail.big.example', ...other }
  assert.equal(await mail(vouched), 'accept', 'its domain vouches for it')
  const silent = town('enforce', { settings: { ...SETTINGS, of: 'suspicious' } })
  assert.equal(await silent.mail({ address: '198.51.100.8' }), 'accept', 'no DNS')
})
