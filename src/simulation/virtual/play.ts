// The town's plan on the virtual clock: the same letters and the same bots as in the neighbourhood, without sockets.
// What the neighbourhood's servers and router do there, a few functions do here.

import type { Budgets } from '../../core/detection/sum.ts'
import type { PolicySettings } from '../../core/policy/shipped-rules.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'
import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import { maskIp } from '../../model/ip.ts'
import type { Client, Step } from '../../model/step.ts'
import type { Scanner } from '../../ports/scanner.ts'
import {
  attempt,
  type Bot,
  history,
  type Plan,
  type Sending,
  residentOf,
} from '../population/plan.ts'
import { random } from '../population/random.ts'
import { type Letter, messageOf } from '../population/texts.ts'
import { OUR_DOMAIN, OUTSIDE, type Resident } from '../population/town.ts'
import { agenda } from './agenda.ts'
import { type VirtualCordon, virtualCordon } from './virtual-cordon.ts'

export type VirtualSetup = {
  readonly plan: Plan
  readonly scanner: Scanner
  readonly policy: Omit<PolicySettings, 'isLocal' | 'isOurs' | 'ourNames' | 'tags'>
  readonly budgets: Budgets
  /** When the run begins, ms since 1970: part of what must be the same for the same journal. */
  readonly start: number
}

export type VirtualBot = {
  readonly bot: Bot
  attempted: number
  delivered: number
  /** Messages that waited in the window or for a second look, and those refused. */
  held: number
  refused: number
  containedBy: string | undefined
  attemptsUntilContained: number | undefined
}

export type VirtualResult = {
  readonly bots: readonly VirtualBot[]
  /** Letters of people without a bot: taken, delivered, held, refused. */
  readonly people: { sent: number; delivered: number; held: number; refused: number }
  /** Decisions on lines and logins that have no bot. */
  readonly wrong: readonly Subject[]
  readonly journal: readonly Event[]
}

type Street = {
  readonly cordon: VirtualCordon
  readonly plan: Plan
  readonly bots: VirtualBot[]
  readonly people: { sent: number; delivered: number; held: number; refused: number }
  /** Queue id -> the bot that sent it. */
  readonly spam: Map<string, VirtualBot>
}

export async function playVirtually(setup: VirtualSetup): Promise<VirtualResult> {
  const { plan, start } = setup
  const clock = agenda(start)
  const cordon = await virtualCordon({
    ...setup,
    ...customers(plan, start),
    named: OUTSIDE,
    now: clock.now,
  })
  await cordon.engine.importHistory(history(plan, start))
  const street: Street = {
    cordon,
    plan,
    bots: plan.bots.map(bot => ({
      bot,
      attempted: 0,
      delivered: 0,
      held: 0,
      refused: 0,
      containedBy: undefined,
      attemptsUntilContained: undefined,
    })),
    people: { sent: 0, delivered: 0, held: 0, refused: 0 },
    spam: new Map(),
  }
  const end = start + plan.seconds * 1000 * plan.scale
  for (const sending of plan.sendings)
    clock.add(start + sending.at * plan.scale, at => send(street, sending, at))
  for (const one of street.bots) {
    const draw = random(`cordon ${plan.seed} ${one.bot.id} virtual`)
    const go = async (at: number) => {
      await tryOnce(street, one, draw, at)
      const pause = one.containedBy === undefined ? one.bot.pause : 20 * one.bot.pause
      clock.add(at + Math.round(draw.wait(1 / pause) * plan.scale), go)
    }
    clock.add(start + one.bot.startsAt * plan.scale, go)
  }
  const chores = async (at: number) => {
    await cordon.engine.chores.deadlines(at)
    await cordon.engine.chores.secondLook(at)
    await cordon.engine.chores.window(at)
    await deliver(street, at)
    clock.add(at + 5 * MINUTE, chores)
  }
  clock.add(start + 5 * MINUTE, chores)
  await clock.runUntil(end)
  await cordon.engine.idle()
  const infected = new Set(
    plan.bots.flatMap(bot => [lineOf(bot.owner), loginOf(residentOf(plan, bot.owner).login)]),
  )
  const wrong = cordon.journal.flatMap(event =>
    event.kind === 'decision-made' && event.what !== 'hold' && !infected.has(event.subject)
      ? [event.subject]
      : [],
  )
  const result = { bots: street.bots, people: street.people, wrong, journal: [...cordon.journal] }
  await cordon.close()
  return result
}

/** The town as its provider would configure it. */
export function customers(plan: Plan, from: number) {
  const forwarder = plan.residents.find(one => one.habit === 'forwarder')
  return {
    domains: [OUR_DOMAIN],
    forwards: forwarder ? { [forwarder.login]: [forwarder.friends[0] as string] } : {},
    subscribers: plan.residents.map(({ id, plan: kind, flags, language, login }) => ({
      id,
      plan: kind,
      flags,
      language,
      contacts: [login],
      logins: [{ name: login, addresses: [login] }],
    })),
    leases: plan.residents.map(({ id, lease }) => ({
      realm: 'main',
      subscriber: id,
      from,
      ...lease,
    })),
  }
}

async function send(street: Street, sending: Sending, at: number): Promise<void> {
  const who = residentOf(street.plan, sending.resident)
  // Their own server on an open port 25 does not pass by us.
  if (sending.from === 'direct') return
  const client = clientOf(who, sending.from === 'foreign' ? '192.0.2.7' : who.address)
  const bots = street.plan.bots.some(bot => bot.owner === sending.resident)
  const handed = await hand(street, {
    letter: sending.letter,
    at,
    client,
    ...(sending.from === 'inbound' ? {} : { login: who.login }),
  })
  if (!bots) {
    if (handed.refused) street.people.refused++
    else street.people.sent++
    if (handed.held) street.people.held++
  }
  await deliver(street, at)
}

async function tryOnce(
  street: Street,
  one: VirtualBot,
  draw: ReturnType<typeof random>,
  at: number,
): Promise<void> {
  const { bot } = one
  const owner = residentOf(street.plan, bot.owner)
  one.attempted++
  const letter = attempt(draw, bot, owner, one.attempted)
  const { engine } = street.cordon
  if (bot.kind === 1) {
    engine.report({
      kind: 'egress-attempt',
      at,
      who: {
        realm: 'main',
        address: owner.address,
        port: clientOf(owner, owner.address).port,
        sure: 'unknown',
      },
      destination: OUTSIDE[letter.server]?.address ?? '198.51.100.10',
      port: 25,
      completed: bot.redirected,
      antiSpoofed: true,
      outcome: bot.redirected ? 'redirected' : 'refused',
    })
    await engine.idle()
  } else {
    const client = clientOf(owner, bot.kind === 2 ? bot.foreignAddress : owner.address)
    const handed = await hand(street, { letter, at, client, login: owner.login })
    if (handed.id !== undefined) street.spam.set(handed.id, one)
    if (handed.held) one.held++
    if (handed.refused) one.refused++
    await deliver(street, at)
  }
  noteContainment(street, one)
}

function noteContainment(street: Street, one: VirtualBot): void {
  if (one.containedBy !== undefined) return
  const owner = residentOf(street.plan, one.bot.owner)
  const subject = one.bot.kind === 2 ? loginOf(owner.login) : lineOf(owner.id)
  const decision = street.cordon.ledger.cases
    .inForce(subject)
    .find(decided => decided.kind === 'isolate' || decided.kind === 'stop-login')
  if (!decision) return
  one.containedBy = decision.kind
  one.attemptsUntilContained = one.attempted
}

type Handing = {
  readonly letter: Letter
  readonly at: number
  readonly client: Client
  readonly login?: string
}

/** A whole session, as the SMTP door would put it to the engine. */
async function hand(
  street: Street,
  handing: Handing,
): Promise<{ id?: string; held: boolean; refused: boolean }> {
  const { engine } = street.cordon
  const { letter, at, client, login } = handing
  const refused = { held: false, refused: true }
  const session = letter.id
  const listener = login === undefined ? 'inbound' : 'submission'
  const base = { session, listener, at, client, tls: true, helo: 'home.invalid' } as const
  const known = login === undefined ? base : { ...base, login }
  if (login !== undefined) {
    const who = {
      realm: 'main',
      address: client.address,
      port: client.port,
      login,
      sure: 'unknown',
    } as const
    engine.report({
      kind: 'link-auth',
      at,
      session,
      listener,
      who,
      ok: true,
      network: maskIp(client.address),
    })
    if (refuses(await engine.judge({ ...known, stage: 'auth' }))) return refused
  }
  const mail: Step = { ...known, stage: 'mail', sender: letter.from }
  if (refuses(await engine.judge(mail))) return refused
  const recipients: string[] = []
  for (const recipient of letter.to) {
    const step: Step = { ...mail, stage: 'rcpt', recipient, accepted: recipients.length }
    if (!refuses(await engine.judge(step))) recipients.push(recipient)
  }
  if (recipients.length === 0) return refused
  const draft = await engine.open({
    ...known,
    sender: letter.from,
    recipients,
    extended: true,
    esmtp: {},
  })
  await draft.write(messageOf(letter))
  const judged = await draft.finish()
  await engine.idle()
  if (judged.verdict.kind !== 'accept' && judged.verdict.kind !== 'hold') return refused
  const id = judged.message
  const waits =
    id === undefined ? [] : await street.cordon.spool.list({ message: id, state: 'paced' })
  return {
    held: judged.verdict.kind === 'hold' || waits.length > 0,
    refused: false,
    ...(id === undefined ? {} : { id }),
  }
}

const refuses = ({ verdict }: { verdict: { kind: string } }) =>
  verdict.kind === 'reject' || verdict.kind === 'defer'

/** Everything that is due reaches its server at once; no mailbox called gone-… exists anywhere. */
async function deliver(street: Street, at: number): Promise<void> {
  const { spool, engine } = street.cordon
  for (const claim of await spool.claim(at, 1000, MINUTE)) {
    let arrived = false
    for (const { address } of claim.recipients) {
      const about = { at, message: claim.message, recipient: address, relay: 'outside' }
      if (address.startsWith('gone-')) {
        const facts = claim.facts ? { facts: claim.facts } : {}
        engine.report({
          kind: 'delivery-failed',
          ...about,
          ...facts,
          permanent: true,
          result: 'unknown-user',
          code: 550,
        })
      } else {
        arrived = true
        engine.report({ kind: 'delivery-done', ...about })
      }
    }
    await engine.idle()
    await spool.settle(claim.recipients.map(({ id }) => ({ recipient: id, outcome: 'done' })))
    const bot = street.spam.get(claim.message)
    if (!arrived) continue
    if (bot) bot.delivered++
    else if (claim.sender !== '' && !claim.sender.startsWith('abuse-desk@'))
      street.people.delivered++
  }
}

function clientOf(who: Resident, address: string): Client {
  return { realm: 'main', address, port: who.lease.ports ? who.lease.ports[0] + 5 : 40_000 }
}
