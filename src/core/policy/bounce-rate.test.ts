import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Judging, fact, judging, said } from '../../../test/support/judging.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { bounceRate } from './bounce-rate.ts'

const SETTINGS = { window: DAY, fuse: 0.001 }
const isLocal = (domain: string) => domain === 'isp.example'
const rule = bounceRate('enforce', SETTINGS, isLocal)

/** SPF passes for a sender whose local part says so; a recipient called "no…" does not exist. */
const ask: Lookups['ask'] = async question => {
  if (question.about === 'recipient') return fact('recipient', !question.address.startsWith('no'))
  if (question.about !== 'spf') return { about: question.about, failed: 'nobody asks this' }
  const [local = '', domain = ''] = question.sender.split('@')
  return fact('spf', { result: local === 'spf' ? 'pass' : 'none', domain })
}

/** What is said to `misses` unknown recipients among `hits` known ones, evenly mixed. */
async function writes(
  { rcpt }: Judging,
  { misses, hits, ...step }: { misses: number; hits: number; at?: number; sender?: string },
): Promise<string[]> {
  const heard: string[] = []
  const all = misses + hits
  for (let i = 0; i < all; i++) {
    const miss = Math.floor(((i + 1) * misses) / all) > Math.floor((i * misses) / all)
    const recipient = `${miss ? 'no' : 'yes'}${i}@isp.example`
    heard.push(said(await rcpt({ ...step, recipient })))
  }
  return heard
}

const MOSTLY = 'reject mostly-unknown'

test('one of three unknown convicts no sender, nor do three of ten, nor one in ten for a week', async () => {
  assert.ok(!(await writes(judging([rule], ask), { misses: 1, hits: 2 })).includes(MOSTLY))
  assert.ok(!(await writes(judging([rule], ask), { misses: 3, hits: 7 })).includes(MOSTLY))
  const week = judging([rule], ask)
  for (let day = 0; day < 7; day++)
    assert.ok(!(await writes(week, { at: day * DAY, misses: 100, hits: 900 })).includes(MOSTLY))
})

test('a sender that guesses is refused at the eighth miss, and after that also for recipients that exist', async () => {
  const one = judging([rule], ask)
  const heard = await writes(one, { misses: 10, hits: 0 })
  assert.deepEqual(heard.slice(0, 7), Array(7).fill('accept'))
  assert.deepEqual(heard.slice(7), Array(3).fill(MOSTLY))
  assert.equal(said(await one.rcpt()), MOSTLY)
  // Half of them unknown: found out within a list, too.
  assert.ok((await writes(judging([rule], ask), { misses: 20, hits: 20 })).includes(MOSTLY))
})

test('the test begins anew in each window; a sender that does better is accepted again before that', async () => {
  const one = judging([rule], ask)
  await writes(one, { misses: 12, hits: 0 })
  assert.ok((await writes(one, { at: HOUR, misses: 0, hits: 8 })).at(-1) === 'accept')
  await writes(one, { at: 2 * HOUR, misses: 12, hits: 0 })
  assert.equal(said(await one.rcpt({ at: 2 * HOUR })), MOSTLY)
  assert.equal(said(await one.rcpt({ at: DAY })), 'accept')
})

test('it is the organisation that is judged, whichever of its servers speaks', async () => {
  const one = judging([rule], ask)
  const from = (i: number) => ({
    sender: `spf@m${i}.big.example`,
    client: { realm: 'main', address: `198.51.100.${i}`, port: 25 },
  })
  for (let i = 0; i < 8; i++) await one.rcpt({ ...from(i), recipient: `no${i}@isp.example` })
  assert.equal(said(await one.rcpt(from(99))), MOSTLY)
  assert.equal(said(await one.rcpt({ ...from(99), sender: 'spf@other.example' })), 'accept')
})

test('an address that sends for several domains is a pool, and not judged', async () => {
  const one = judging([rule], ask)
  for (const domain of ['a.example', 'b.example']) await one.rcpt({ sender: `spf@${domain}` })
  const heard = await writes(one, { misses: 12, hits: 0 })
  assert.ok(!heard.includes(MOSTLY))
})

test('what much of our mail comes from is not refused: an alarm is raised, once', async () => {
  const one = judging([rule], ask)
  for (let i = 0; i < 10_000; i++)
    await one.message({ sender: i % 100 === 0 ? 'spf@big.example' : `x@s${i}.example` })
  const heard = await writes(one, { sender: 'spf@big.example', misses: 20, hits: 0 })
  assert.ok(!heard.includes(MOSTLY))
  const alarms = one.events.filter(event => event.kind === 'alarm-raised')
  assert.equal(alarms.length, 1)
  assert.equal(alarms[0]?.about, '@big.example')
})

test('a system that refuses reports of its own mail is refused; a system that never sent it may refuse', async () => {
  const failed: EventOf<'delivery-failed'> = {
    kind: 'delivery-failed',
    id: '1',
    seq: 1,
    at: 0,
    message: 'm',
    recipient: 'hash@big.example',
    relay: 'mx.big.example',
    bounce: true,
    permanent: true,
    result: 'policy',
    code: 550,
    words: 'we take no mail with an empty sender',
  }
  const after = async (event: EventOf<'delivery-failed'>) => {
    const one = judging([rule], ask)
    for (let i = 0; i < 8; i++)
      one.counters.apply({ at: 0, mode: 'take', ops: rule.learns?.(event) ?? [] })
    return said(await one.rcpt({ sender: 'spf@big.example' }))
  }
  assert.equal(await after(failed), 'reject refuses-reports')
  assert.equal(await after({ ...failed, words: '5.7.1 BATV: you did not send this' }), 'accept')
  assert.equal(await after({ ...failed, result: 'unknown-user' }), 'accept')
  assert.equal(await after({ ...failed, permanent: false }), 'accept')
  const { bounce: _bounce, ...ordinary } = failed
  assert.equal(await after(ordinary), 'accept')
})

test('when the store is down no sender is refused for it', async () => {
  const down = { apply: async () => ({ failed: 'down' }) }
  assert.ok(!(await writes(judging([rule], ask, down), { misses: 20, hits: 0 })).includes(MOSTLY))
})
