// An honest login from a network not seen before, while strangers guess in every way that the order of the queue could reward: how many
// hashes begin before its own. No clock: a hash is a promise that the test keeps, one after the other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MemoryCounters } from '../drivers/counters/memory.ts'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import { maskIp } from '../model/ip.ts'
import { authBrake } from './auth-brake.ts'
import { fairQueue } from './fair-queue.ts'
import { knownSources } from './known-sources.ts'

type SaidGuess = { readonly address: string; readonly secret?: string }
/** What an attacker says next, its how-manieth attempt given; undefined when it is silent until the next hash. */
type Attacker = (attempt: number) => SaidGuess | undefined

type Hash = SaidGuess & { readonly end: (answer: 'right' | 'wrong') => void }

function storm(attackers: readonly Attacker[], width = 1) {
  const queue = fairQueue({ width })
  const brake = authBrake({
    leases: memoryLeases([]),
    known: knownSources(new MemoryCounters(), () => 0),
    steady: () => 0,
    pause: async () => undefined,
  })
  const begun: Hash[] = []
  const running: Hash[] = []
  /** From where, in this order. */
  const answered: string[] = []
  let names = 0
  const say = async ({ address, secret = `${names}` }: SaidGuess) => {
    const account = `login user${names++}@isp.example`
    const client = { realm: 'main', address, port: 4000 }
    const tried = await brake.attempt(
      { account, subscriber: undefined, client, secret },
      async turn => {
        const hashed = await queue.run(turn, () => {
          return new Promise<'right' | 'wrong'>(end => {
            const hash = { address, secret, end }
            begun.push(hash)
            running.push(hash)
          })
        })
        return hashed === 'full' ? 'undecided' : hashed.done
      },
    )
    return tried.outcome
  }
  const attempts = attackers.map(() => 0)
  const silent = new Set(attackers.keys())
  /** All clients that are silent may speak; one that is answered speaks again at once. */
  const speak = (i: number): void => {
    const said = attackers[i]?.(attempts[i] ?? 0)
    if (!said) return
    silent.delete(i)
    attempts[i] = (attempts[i] ?? 0) + 1
    void say(said).then(outcome => (outcome === 'wrong' ? speak(i) : silent.add(i)))
  }
  const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve))
  const step = async () => {
    const hash = running.shift()
    if (hash) answered.push(hash.address)
    hash?.end('wrong')
    await turnOfTheLoop()
    for (const i of silent) speak(i)
    await turnOfTheLoop()
  }
  /** Hashes that begin before the honest one, those that run not among them. */
  const honest = async (address: string) => {
    const before = begun.length
    const login = say({ address, secret: 'right' })
    await turnOfTheLoop()
    const isBegun = () => begun.findIndex((one, i) => i >= before && one.secret === 'right')
    while (isBegun() < 0) {
      assert.ok(begun.length - before < 2000, 'its turn never comes')
      await step()
    }
    const ahead = isBegun() - before
    const [mine] = running.splice(
      running.findIndex(one => one.secret === 'right'),
      1,
    )
    mine?.end('right')
    assert.equal(await login, 'right')
    return ahead
  }
  return { step, honest, begun, answered, say }
}

const crowd = (count: number, of: (i: number, k: number) => SaidGuess): Attacker[] =>
  Array.from({ length: count }, (_, i) => (k: number) => of(i, k))
const hex = (n: number) => n.toString(16)
const at = (address: string): SaidGuess => ({ address })

/** The kinds of the attackers of issue 14: the names are those of their scripts. */
const own16 = (count: number) => crowd(count, (i, k) => at(`30.${i}.${k % 250}.9`))
const own32 = (count: number) => crowd(count, (i, k) => at(`2a02:${hex(i)}:${hex(k)}::9`))
const isp6 = (count: number) => crowd(count, i => at(`2a09:1234:${hex(100 + i)}::9`))
const different = (count: number) => crowd(count, i => at(`31.${i}.7.9`))
const same = (count: number) => crowd(count, i => ({ address: `32.${i}.7.9`, secret: 'same' }))
const mob = (count: number) => [...crowd(1, () => at('99.77.5.5')), ...different(count)]
const KINDS: Readonly<Record<string, readonly Attacker[]>> = {
  own16: own16(60),
  own32: own32(60),
  isp6: isp6(60),
  isp6x: [...isp6(60), ...different(60)],
  mob: mob(60),
  same: same(60),
  different: different(60),
}
/** Some of them spend the turns that clients of a carrier have, others what the order rewards. */
const BOTH: Readonly<Record<string, readonly Attacker[]>> = {
  'own16 and isp6': [...own16(60), ...isp6(60)],
  'own16 and mob': [...own16(60), ...mob(60)],
  mix: [...own16(30), ...own32(30), ...isp6(30), ...mob(30), ...same(30)],
}
/** Of the orders in which the queue is looked through each comes once before one comes again. */
const ORDERS = 6

/** In new surroundings, in a carrier's /32 and in a carrier's /16 where another client guesses: each time in another network. */
const ROADS = [
  (n: number) => `77.${n % 250}.3.7`,
  (n: number) => `2a09:1234:${hex(9000 + n)}::7`,
  (n: number) => `99.77.${100 + (n % 150)}.7`,
]

async function waits(it: ReturnType<typeof storm>, pauses: readonly number[]) {
  const found: number[] = []
  for (const steps of pauses) {
    for (let i = 0; i < steps; i++) await it.step()
    for (const road of ROADS) found.push(await it.honest(road(it.begun.length)))
  }
  return found
}

for (const width of [1, 3]) {
  for (const [kind, attackers] of Object.entries(KINDS))
    test(`${kind}: whoever comes from a new network waits for five hashes at most, ${width} at once`, async () => {
      // First all who guess wait, unanswered; then some are answered; then all of them, again and again.
      const found = await waits(storm(attackers, width), [1, 1, 30, 61, 90, 7, 200, 1, 300])
      assert.ok(Math.max(...found) < ORDERS, `${found}`)
    })

  for (const [kind, attackers] of Object.entries(BOTH))
    test(`${kind}: so it is when each of its networks has guessed once, ${width} at once`, async () => {
      const it = storm(attackers, width)
      // Until then, whatever they do, no more than this.
      const first = await waits(it, [1, 1, 30, 61, 90])
      assert.ok(Math.max(...first) < ORDERS * attackers.length, `${first}`)
      for (let i = 0; i < 800; i++) await it.step()
      const found = await waits(it, [1, 7, 200, 1, 61, 1, 300])
      assert.ok(Math.max(...found) < ORDERS, `${found}`)
    })

  test(`where somebody of the own network guessed before, a client has its turn between the others, ${width} at once`, async () => {
    let silent = true
    const others = [...own16(30), ...different(30)]
    const it = storm(
      others.map(other => k => (silent ? undefined : other(k))),
      width,
    )
    for (let i = 0; i < 5; i++) void it.say({ address: '77.1.3.9' })
    for (let i = 0; i < 10; i++) await it.step()
    silent = false
    for (let i = 0; i < 400; i++) await it.step()
    for (let i = 0; i < 10; i++) {
      const ahead = await it.honest('77.1.3.7')
      assert.ok(ahead < ORDERS, `${ahead}`)
      for (let j = 0; j < 20; j++) await it.step()
    }
  })
}

test('property: each surroundings gets ahead once of six turns, unless it guessed since somebody did in the client’s own', async () => {
  const attempt = fc.option(
    fc.record({ place: fc.nat({ max: 7 }), network: fc.nat({ max: 9 }), again: fc.boolean() }),
    { freq: 4 },
  )
  const attacker = fc.array(attempt, { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(attacker, { minLength: 1, maxLength: 25 }),
      fc.nat({ max: 120 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (scripts, steps, poisoned, width) => {
        const it = storm(
          scripts.map(script => (k: number) => {
            const one = script[k % script.length]
            if (!one) return undefined
            const address = `40.${one.place}.${one.network}.9`
            return one.again ? { address, secret: 'again' } : { address }
          }),
          width,
        )
        for (let i = 0; i < steps; i++) {
          // A network of the client's own surroundings guesses.
          for (const at of poisoned) if (at === i) void it.say({ address: `77.1.${100 + i}.9` })
          await it.step()
        }
        const rivals = rivalsOf(it.answered, '77.1.0.0')
        const ahead = await it.honest('77.1.3.7')
        assert.ok(ahead < ORDERS * (rivals + 1), `${ahead} before it, ${rivals} rivals`)
      },
    ),
    { numRuns: 150 },
  )
})

/** Surroundings of the eight from which no network guessed for the first time since one of these did. */
function rivalsOf(answered: readonly string[], own: string): number {
  const seen = new Set<string>()
  const last = new Map<string, number>()
  for (const [i, address] of answered.entries()) {
    const network = maskIp(address)
    if (seen.has(network)) continue
    seen.add(network)
    last.set(maskIp(address, 16, 32), i + 1)
  }
  const mine = last.get(maskIp(own, 16, 32)) ?? 0
  const others = Array.from({ length: 8 }, (_, i) => last.get(maskIp(`40.${i}.0.0`, 16, 32)) ?? 0)
  return others.filter(one => one <= mine).length
}
