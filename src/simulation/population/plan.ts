// The plan of a run: who sends what when, and where the bots sit. The same seed gives the same plan.

import { OUTSIDE, type Resident, stranger, target, town } from './town.ts'
import { type Random, random } from './random.ts'
import { type Letter, letter, spam } from './texts.ts'

export type BotKind = 1 | 2 | 3
export type Bot = {
  readonly id: string
  readonly kind: BotKind
  /** Whose machine or password it has. */
  readonly owner: string
  /** Kind 1: the line's port 25 is redirected already, because it is suspected. */
  readonly redirected: boolean
  /** Kind 2: where it submits from. */
  readonly foreignAddress: string
  readonly startsAt: number
  /** Milliseconds between two attempts, on average. */
  readonly pause: number
  /** What its owner does about it. */
  readonly ending: 'cleaned' | 'new-password' | 'relapse' | 'nothing'
}

export type Sending = {
  readonly at: number
  readonly resident: string
  /** `foreign`: from a hotel. `inbound`: an outsider writes to them. `direct`: their own server, port 25. */
  readonly from: 'home' | 'foreign' | 'inbound' | 'direct'
  readonly letter: Letter
  /** Wrong passwords typed before the right one. */
  readonly mistyped?: number
}

export type Plan = {
  readonly seed: number
  readonly seconds: number
  /** How much faster than the wall time runs. */
  readonly scale: number
  readonly residents: readonly Resident[]
  readonly bots: readonly Bot[]
  readonly sendings: readonly Sending[]
}

/** Share of ordinary letters that go to a person never written to before. */
const TO_STRANGERS = 0.04
/** Of a run, at most this share is for sending; the rest lets everything arrive. */
const SENDING_TIME = 0.8

export function makePlan(seed: number, seconds: number, scale: number): Plan {
  const draw = random(`cordon ${seed}`)
  const residents = town(draw.fork('town'))
  const bots = botsOf(draw.fork('bots'), residents, seconds)
  const sendings = residents.flatMap((resident, i) =>
    sendingsOf(draw.fork(`mail ${i}`), resident, seconds, scale),
  )
  return { seed, seconds, scale, residents, bots, sendings: sendings.sort((a, b) => a.at - b.at) }
}

const byId = new WeakMap<Plan, ReadonlyMap<string, number>>()

/** Where in the plan a resident stands; -1 when no resident has that id. A look-up: it is asked for every message. */
export function residentIndex(plan: Plan, id: string): number {
  const known = byId.get(plan) ?? new Map(plan.residents.map((one, i) => [one.id, i]))
  byId.set(plan, known)
  return known.get(id) ?? -1
}

export const residentOf = (plan: Plan, id: string): Resident =>
  plan.residents[residentIndex(plan, id)] as Resident

function botsOf(draw: Random, residents: readonly Resident[], seconds: number): Bot[] {
  const hosts = residents.filter(one => one.habit === 'ordinary' && !one.flags.includes('lifeline'))
  const kinds: readonly [BotKind, Bot['ending']][] = [
    [1, 'relapse'],
    [1, 'nothing'],
    [2, 'new-password'],
    [2, 'nothing'],
    [3, 'cleaned'],
    [3, 'nothing'],
  ]
  const taken = new Set<string>()
  return kinds.map(([kind, ending], i) => {
    let host = draw.pick(hosts)
    while (taken.has(host.id)) host = draw.pick(hosts)
    taken.add(host.id)
    return {
      id: `bot-${i + 1}`,
      kind,
      owner: host.id,
      redirected: i === 1,
      foreignAddress: `192.0.2.${20 + draw.below(200)}`,
      startsAt: (0.05 + 0.12 * draw.next()) * seconds * 1000,
      pause: kind === 1 ? draw.between(60, 110) : draw.between(400, 900),
      ending,
    }
  })
}

function sendingsOf(draw: Random, resident: Resident, seconds: number, scale: number): Sending[] {
  const end = seconds * 1000 * SENDING_TIME
  const perSecond = (resident.perDay * scale) / 86_400
  const found: Sending[] = []
  let n = 0
  const add = (at: number, rest: Partial<Sending> & { to: readonly string[]; listId?: string }) => {
    const { to, listId, ...other } = rest
    n++
    const id = `p${resident.id}.${n}`
    const mail = { id, from: resident.login, to, text: letter(draw), ...(listId ? { listId } : {}) }
    found.push({ at, resident: resident.id, from: 'home', letter: mail, ...other })
  }
  for (let at = draw.wait(perSecond) * 1000; at < end; at += draw.wait(perSecond) * 1000) {
    const to = draw.chance(TO_STRANGERS) ? stranger(draw) : draw.pick(resident.friends)
    const where =
      resident.habit === 'traveller' && at > end / 2
        ? 'foreign'
        : resident.habit === 'expert'
          ? 'direct'
          : 'home'
    add(at, { to: [to], from: where })
  }
  const once = end * draw.between(0.15, 0.7)
  switch (resident.habit) {
    case 'club':
      add(once, { to: resident.friends.slice(0, 40) })
      break
    case 'stale-book':
      add(once, { to: resident.friends.slice(0, 20) })
      break
    case 'traveller':
      add(end * 0.6, { to: [draw.pick(resident.friends)], from: 'foreign' })
      break
    case 'mistyper':
      add(once, { to: [draw.pick(resident.friends)], mistyped: 10 })
      break
    case 'newsletter':
      for (let i = 0; i < 4; i++) {
        add(once + i * 200, {
          to: resident.friends.slice(i * 50, i * 50 + 50),
          listId: `news.${resident.id}.isp.example`,
        })
      }
      break
    case 'forwarder':
      for (let i = 0; i < 3; i++)
        add(end * (0.2 + 0.2 * i), { to: [resident.login], from: 'inbound' })
      break
    default:
  }
  return found
}

/** One attempt of a bot: a letter to strangers, most often one, and where it knocks when it goes direct. */
export function attempt(
  draw: Random,
  bot: Bot,
  owner: Resident,
  n: number,
): Letter & { readonly server: number } {
  const to = [target(draw)]
  if (draw.chance(0.15)) to.push(`${to[0]?.split('@')[0]}x@${to[0]?.split('@')[1]}`)
  const server = OUTSIDE.findIndex(one => to[0]?.endsWith(`@${one.domain}`))
  const from = bot.kind === 1 ? target(draw) : owner.login
  return { id: `${bot.id}.${n}`, from, to, text: spam(draw), server }
}

/** Thirty days of what all residents did before the run, oldest first. */
export function history(
  plan: Plan,
  now: number,
): { at: number; login: string; address: string; port: number; recipients: string[] }[] {
  const draw = random(`cordon ${plan.seed} history`)
  const past = []
  for (const resident of plan.residents) {
    const port = resident.lease.ports?.[0] ?? 40_000
    for (let day = 30; day >= 1; day--) {
      const count = Math.max(0, Math.round(resident.perDay * draw.between(0.5, 1.5)))
      for (let i = 0; i < count; i++) {
        const at = now - day * 86_400_000 + draw.next() * 86_400_000
        // Over a month all people in the address book are written to.
        const friend = resident.friends[(day * 7 + i) % resident.friends.length] as string
        past.push({
          at: Math.round(at),
          login: resident.login,
          address: resident.address,
          port,
          recipients: [friend],
        })
      }
    }
    past.push({
      at: now - 5 * 86_400_000,
      login: resident.login,
      address: resident.address,
      port,
      recipients: [...resident.friends],
    })
  }
  return past.sort((a, b) => a.at - b.at)
}
