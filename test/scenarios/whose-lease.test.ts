// An oracle beside random sequences of sessions: who really has an address is kept here, and nothing of how Cordon finds out. Several access
// servers with wrong clocks, numbers used again, packets told twice, in the wrong order or late, an hour late from a spool, Stops that are lost,
// addresses that move to another customer, networks with such addresses in them. At every quiet point Cordon may be unsure, and must never be sure of somebody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../support/lease-lookups.ts'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { HOUR, MINUTE, SECOND } from '../../src/model/duration.ts'
import type { SessionNews } from '../../src/sensors/radius/accounting.ts'
import { AccountingSessions } from '../../src/sensors/radius/sessions.ts'
import { timeOf } from '../../src/sensors/radius/time-of-event.ts'
import { TellerClock } from '../../src/wire/teller-clock.ts'
import { chance } from '../support/chance.ts'

const SEEDS = Number(process.env['CORDON_ORACLE_SEEDS'] ?? 20)
const STEPS = 500
const AT = Date.UTC(2026, 0, 5)
/** How far the clocks of the access servers are behind. */
const BEHIND = [0, -5 * MINUTE, 5 * MINUTE, HOUR, AT - 1000]

/** A network with all the addresses in it, and one of its own. */
const WIDE = '198.51.100.0/28'
const REST = '198.51.100.14'

type PlayedSession = {
  nas: number
  id: string
  user: string
  address: string
  over: boolean
  wide: boolean
}
type Packet = { status: SessionNews['status']; session: PlayedSession; at: number }

function play(
  seed: number,
  { spools = false, nested = false } = {},
): { sure: number; asked: number } {
  const random = chance(seed)
  const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  const leases = memoryLeases()
  const clocks = BEHIND.map(() => new TellerClock())
  const sessions = new AccountingSessions({
    interim: 10 * MINUTE,
    subscriberOf: name => name,
    ...lookupsOf(leases),
  })
  const addresses = Array.from({ length: 8 }, (_, i) => `198.51.100.${i + 1}`)
  const truth = new Map<string, PlayedSession>()
  const waiting: Packet[] = []
  const spooled: Packet[] = []
  let now = AT
  let numbers = 0
  const deliver = ({ status, session, at }: Packet) => {
    const { nas, id, user, address, wide } = session
    const stamp = Math.floor((at - (BEHIND[nas] as number)) / 1000) * 1000
    const clock = clocks[nas] as TellerClock
    const news: SessionNews = {
      status,
      nas: `n${nas}`,
      realm: 'main',
      session: id,
      user,
      subscriber: user,
      framed: [
        wide ? { prefix: WIDE, kind: 'route4' } : { prefix: `${address}/32`, kind: 'address4' },
      ],
      stamp,
      ...timeOf({ stamp, delay: 0 }, clock, now),
    }
    for (const { kind, lease } of sessions.hear(news, now))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const tell = (packet: Packet) => {
    // A proxy keeps it in its spool.
    if (spools && random() < 0.05) return void spooled.push(packet)
    waiting.push(packet)
    if (random() < 0.1) waiting.push(packet)
    return undefined
  }
  const quiet = () => {
    // What is under way overtakes each other, within a few seconds.
    while (waiting.length > 0) {
      now += 100 + Math.floor(random() * 400)
      deliver(waiting.splice(Math.floor(random() * Math.min(3, waiting.length)), 1)[0] as Packet)
    }
  }
  let [sure, asked] = [0, 0]
  for (let step = 0; step < STEPS; step++) {
    now += SECOND + Math.floor(random() * 20 * SECOND)
    // A spool is played in order, and the last of it is an hour old.
    if (spooled.length > 0 && now - (spooled[0] as Packet).at > HOUR && random() < 0.1)
      for (const packet of spooled.splice(0)) {
        now += 100
        const { user, address: where } = packet.session
        const named = () => {
          const { sure, subscriber } = leases.holder(
            'main',
            where === WIDE ? REST : where,
            undefined,
          )
          return sure === 'certain' && subscriber === user
        }
        const before = named()
        deliver(packet)
        assert.ok(
          before || !named() || truth.get(where)?.user === user,
          `seed ${seed}: late news name ${user}`,
        )
      }
    const address = nested && random() < 0.1 ? WIDE : among(addresses)
    const held = truth.get(address)
    if (held && random() < 0.5) tell({ status: 'interim', session: held, at: now })
    else {
      if (held) {
        held.over = true
        truth.delete(address)
        if (random() < 0.7) tell({ status: 'stop', session: held, at: now })
      }
      now += SECOND
      const nas = Math.floor(random() * BEHIND.length)
      // Numbers begin anew now and then, and nobody says so.
      const id = `s${random() < 0.05 ? (numbers = 1) : ++numbers}`
      const user = `kd${Math.floor(random() * 6)}`
      for (const [where, other] of truth)
        if (other.nas === nas && other.id === id) truth.delete(where)
      const session = { nas, id, user, address, over: false, wide: address === WIDE }
      truth.set(address, session)
      tell({ status: 'start', session, at: now })
    }
    // Nothing is under way for longer than a minute or so.
    if (step % 3 !== 0 && random() < 0.5) continue
    quiet()
    for (const [where, { user }] of truth) {
      // What nothing has told of cannot be known.
      if (spooled.some(({ session }) => session.address === where)) continue
      // Of the network one address that is given to nobody else.
      const holder = leases.holder('main', where === WIDE ? REST : where, undefined)
      asked++
      if (holder.sure !== 'certain') continue
      sure++
      assert.equal(holder.subscriber, user, `seed ${seed}, step ${step}, ${where}`)
    }
  }
  return { sure, asked }
}

for (const [words, how, least] of [
  ['whose spools are an hour old', { spools: true }, 0.5],
  ['with networks around the addresses', { nested: true }, 0.6],
] as const)
  test(`of ${SEEDS} random networks ${words} nobody is ever named who is not there`, () => {
    let [sure, asked] = [0, 0]
    for (let seed = 1; seed <= SEEDS; seed++) {
      const one = play(seed, how)
      sure += one.sure
      asked += one.asked
    }
    assert.ok(sure > least * asked, `sure of ${sure} of ${asked}`)
  })

test(`of ${SEEDS} random networks nobody is ever named who is not there`, () => {
  let [sure, asked] = [0, 0]
  for (let seed = 1; seed <= SEEDS; seed++) {
    const one = play(seed)
    sure += one.sure
    asked += one.asked
  }
  // Being unsure of everybody would be right, and of no use.
  assert.ok(sure > 0.8 * asked, `sure of ${sure} of ${asked}`)
})
