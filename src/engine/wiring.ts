// Hands each conductor what it takes, named field by field: a reader sees here what a conductor depends on.

import type { Rule } from '../core/policy/rule.ts'
import { addressHider } from '../mail/correspondent-key.ts'
import { refusalIds } from '../mail/refusal-id.ts'
import type { Step } from '../model/step.ts'
import type { Judgement } from '../model/verdict.ts'
import type { Engine } from '../ports/engine.ts'
import type { MailHeard } from '../ports/mail-heard.ts'
import type { PacedPart } from '../ports/spool.ts'
import type { Turns } from './network/turns.ts'
import { createCommand } from './orders/command.ts'
import type { OptOutParts } from './port25/opt-outs.ts'
import type { OrderParts } from './orders/order-parts.ts'
import { recordStep } from './judging/record-step.ts'
import { type Rollouts, rollouts } from './port25/rollouts.ts'
import { ObservedOnce } from './judging/observed-once.ts'
import { stepBudget } from './judging/step-budget.ts'
import { type Complaints, createComplaints } from './evidence/complaints.ts'
import { createWindow, type Window } from './evidence/window.ts'
import { giveBack } from './chores/give-back.ts'
import { createLanes } from './evidence/lanes.ts'
import { createReporter, type Reporter } from './evidence/report.ts'
import { createJudge, type Judge } from './judging/judge.ts'
import { createSubmit } from './intake/submit.ts'
import type { SubmitParts } from './intake/submit-parts.ts'
import { createMailHeard } from './intake/logged-mail.ts'
import { createUnseen } from './intake/unseen-message.ts'
import type { NotifyParts } from './letters/notify.ts'
import { PublishedList } from './network/published-list.ts'
import type { ReconcileParts } from './network/reconcile.ts'
import type { SecondLookParts } from './chores/second-look.ts'
import { bothQueues } from './intake/elsewhere/both-queues.ts'
import { NOTHING_ELSEWHERE } from './intake/elsewhere/held-elsewhere.ts'
import { type EffectParts, type Effects, followChanges } from './effects/effects.ts'
import type { EngineParts } from './engine-parts.ts'
import type { Sightings } from './letters/abuse/sightings.ts'
import { sightingsOf } from './letters/wired.ts'

export function reporterOf(parts: EngineParts, rules: () => readonly Rule[]): Reporter {
  const { counters, states, cases, subscribers, names, journal, leases, settings, trouble } = parts
  const { lookups, spool, elsewhere = NOTHING_ELSEWHERE } = parts
  const { node, budgets, observes, episodes: mode, isolateByMail = 'observe' } = settings
  return createReporter({
    counters,
    cases,
    subscribers,
    names,
    journal,
    leases,
    lookups,
    node,
    budgets,
    ...(observes ? { observes } : {}),
    rules,
    ...(mode === 'off'
      ? {}
      : { episodes: { states, mode, spool: bothQueues(spool, elsewhere), isolateByMail } }),
    customers: () => subscribers.count(),
    trouble: (error, event) => trouble(error, `event ${event.kind}`),
  })
}

/** `tellObserved`: what is only counted until now, of sessions that go on, is told. */
export function judgeOf(parts: EngineParts, reporter: Reporter): Judge & { tellObserved(): void } {
  const { rules, counters, cases, leases, subscribers, lookups } = parts
  const { secret, refusalPages } = parts.settings
  const ids = refusalIds(secret)
  const hide = addressHider(secret)
  const mayRecord = stepBudget((left, at) => reporter.note({ kind: 'steps-left-out', at, ...left }))
  const observed = new ObservedOnce(reporter.note)
  const judge = createJudge({
    rules,
    counters,
    cases,
    leases,
    subscribers,
    lookups,
    report: event => (event.kind === 'judged' ? observed.take(event) : reporter.note(event)),
    refusals: {
      name: at => ids.make(at),
      help: id => (refusalPages ? `see ${refusalPages}${id}` : `id ${id}`),
    },
    // Cordon's own letters are under no policy.
    record: judged => {
      const { session, at, client, who } = judged.step
      if (session === 'internal') return
      observed.sweep(at)
      const step = { at, address: client.address, login: who.login }
      if (mayRecord({ ...step, refused: judged.refusal !== undefined }))
        reporter.note(recordStep(judged, hide))
    },
  })
  return { ...judge, tellObserved: () => observed.end() }
}

/** `open` takes what is told to senders. */
export function windowOf(
  {
    spool: ours,
    elsewhere = NOTHING_ELSEWHERE,
    cases,
    settings,
    counters,
    subscribers,
    trouble,
  }: EngineParts,
  { reporter, open }: Pick<Engine, 'open'> & { readonly reporter: Reporter },
): Window {
  const { episodes, ourName } = settings
  // The window is the same in both.
  const mode = episodes === 'decide' ? 'pace' : episodes
  const spool = bothQueues(ours, elsewhere)
  const readable = { ...spool, body: ours.body.bind(ours) }
  const giver = { spool: readable, engine: { open }, reporter, counters, subscribers, ourName }
  const backTo = (part: PacedPart, at: number) => giveBack(giver, part, at)
  const stores = { spool, counters, secret: settings.secret, cases }
  return createWindow({ mode, ...stores, reporter, giveBack: backTo, trouble })
}

/** `open` takes messages; `unseen` judges those that another server keeps and does not show. */
export function submitOf(
  parts: EngineParts,
  {
    judge,
    reporter,
    window,
    tellOverLimit,
  }: Pick<SubmitParts, 'judge' | 'reporter' | 'window' | 'tellOverLimit'>,
): {
  readonly open: Engine['open']
  readonly unseen: (step: Step) => Promise<Judgement>
  readonly heard: MailHeard | undefined
  readonly sightings: Sightings | undefined
} {
  const sightings = sightingsOf(parts)
  const { cases, leases, subscribers, recipients, counters, spool, names, trouble } = parts
  const { scanner, authenticator, archives, readings, optOut } = parts
  const { elsewhere = NOTHING_ELSEWHERE, logged } = parts
  const { ourName, expireAfter, budgets, secret, traps, feedback } = parts.settings
  const submitParts: SubmitParts = {
    cases,
    leases,
    subscribers,
    recipients,
    counters,
    spool,
    names,
    trouble,
    scanner,
    authenticator,
    archives,
    readings,
    elsewhere,
    logged,
    ourName,
    expireAfter,
    budgets,
    secret,
    ...(traps ? { traps } : {}),
    ...(feedback ? { feedback } : {}),
    ...(optOut ? { optOuts: optOut.optOuts } : {}),
    judge,
    reporter,
    window,
    tellOverLimit,
    sightings,
    ...(parts.dmarcSeen ? { dmarcSeen: parts.dmarcSeen } : {}),
  }
  return {
    open: createSubmit(submitParts),
    unseen: createUnseen(submitParts),
    heard: logged && createMailHeard(submitParts, logged),
    sightings,
  }
}

/** `open` takes Cordon's own letters like all mail. */
export function notifierOf(
  { cases, notices, subscribers, names, network, settings }: EngineParts,
  open: Engine['open'],
  reporter: Reporter,
): NotifyParts {
  const { provider, portal, passwordsAt, timeZone, ourName, mailDomain, dkim } = settings
  return {
    engine: { open },
    cases,
    notices,
    subscribers,
    names,
    reporter,
    provider,
    portal,
    passwordsAt,
    timeZone,
    ourName,
    mailDomain,
    dkim,
    network,
  }
}

export function reconcilerOf(parts: EngineParts, reporter: Reporter): ReconcileParts {
  const { cases, leases, subscribers, network, off, now, trouble, optOut } = parts
  return {
    cases,
    leases,
    subscribers,
    ...(optOut ? { optOuts: optOut.optOuts } : {}),
    drivers: network,
    turns: new Map<string, Turns>(),
    off,
    reporter,
    now,
    trouble,
  }
}

const NO_LOOPS: ReadonlySet<string> = new Set()

export function complaintsOf(parts: EngineParts, reporter: Reporter): Complaints | undefined {
  if (!parts.complaints) return undefined
  const { rows, events } = parts.complaints
  const { leases, counters, settings } = parts
  const { ourName, secret, feedback } = settings
  const loops = () => feedback?.().loops ?? NO_LOOPS
  return createComplaints({ rows, events, leases, counters, loops, reporter, ourName, secret })
}

export function listOf(parts: EngineParts, reporter: Reporter): PublishedList | undefined {
  const { cases, leases, subscribers, optOut, now, list } = parts
  if (!list) return undefined
  const { secret } = parts.settings
  const optOuts = optOut ? { optOuts: optOut.optOuts } : {}
  const { note } = reporter
  const given = { cases, leases, subscribers, ...optOuts, note, now, secret }
  return new PublishedList(list, given)
}

export function secondLookOf(
  parts: EngineParts,
  {
    open,
    reporter,
    rules,
  }: Pick<Engine, 'open'> & Pick<SecondLookParts, 'rules'> & { readonly reporter: Reporter },
): SecondLookParts {
  const {
    spool,
    elsewhere = NOTHING_ELSEWHERE,
    cases,
    scanner,
    settings,
    counters,
    subscribers,
  } = parts
  const queues = { ...bothQueues(spool, elsewhere), body: spool.body.bind(spool) }
  const { ourName } = settings
  return {
    spool: queues,
    cases,
    engine: { open },
    reporter,
    ourName,
    scanner,
    counters,
    rules,
    subscribers,
    expiring: new Set(),
  }
}

export function optOutOf(
  parts: EngineParts,
  { reporter, notifier, reconcile }: Pick<OptOutParts, 'reporter' | 'notifier' | 'reconcile'>,
): OptOutParts | undefined {
  if (!parts.optOut) return undefined
  const { leases, subscribers, cases, names, settings } = parts
  const { optOuts, factors, resolver, relayProbe, expertRate, tell } = parts.optOut
  return {
    leases,
    subscribers,
    cases,
    names,
    secret: settings.secret,
    optOuts,
    factors,
    resolver,
    relayProbe,
    expertRate,
    tell,
    reporter,
    notifier,
    reconcile,
  }
}

export function effectsOf(
  parts: EngineParts,
  {
    secondLook,
    reconciler,
    optOut,
    notifier,
    list,
  }: Pick<EffectParts, 'secondLook' | 'reconciler' | 'optOut' | 'notifier' | 'list'>,
): Effects {
  const { changes, cases, records, notices, sessions, subscribers, alarms, now, trouble } = parts
  const spool = bothQueues(parts.spool, parts.elsewhere ?? NOTHING_ELSEWHERE)
  return followChanges(
    { changes, cases, records, node: homeOf(parts.settings.node), now, trouble },
    {
      cases,
      notices,
      spool,
      sessions,
      subscribers,
      secondLook,
      reconciler,
      optOut,
      notifier,
      letterLanes: createLanes(),
      list,
      alarms,
    },
  )
}

export function rolloutsOf(parts: EngineParts, notifier: NotifyParts): Rollouts | undefined {
  if (!parts.rollout) return undefined
  const { leases, network, trouble, optOut, cases, off } = parts
  const { parts: list, uses, coverage, states, watching } = parts.rollout
  return rollouts({
    parts: list,
    uses,
    coverage,
    states,
    watching,
    leases,
    network,
    notifier,
    cases,
    off,
    ...(optOut ? { optOut } : {}),
    trouble,
  })
}

type ForOrders = Pick<
  OrderParts,
  'reporter' | 'followed' | 'moveLeases' | 'optOut' | 'rollouts' | 'reconcileAll'
>

export function commandOf(
  parts: EngineParts,
  needs: ForOrders,
  complaints: OrderParts['complaints'],
): Engine['command'] {
  const { reporter, followed, moveLeases, optOut, reconcileAll } = needs
  const { cases, audit, spool, subscribers, credentials, names, sessions, counters } = parts
  const {
    factors,
    network,
    leases,
    off,
    feed,
    inTurn,
    settings,
    elsewhere = NOTHING_ELSEWHERE,
  } = parts
  return createCommand({
    cases,
    audit,
    spool: { ...bothQueues(spool, elsewhere), flush: spool.flush.bind(spool) },
    subscribers,
    credentials,
    names,
    sessions,
    counters,
    factors,
    reporter,
    network,
    followed,
    moveLeases,
    complaints,
    leases,
    optOut,
    redirectsToUs: settings.redirectsToUs,
    rollouts: needs.rollouts,
    off,
    reconcileAll,
    rotateDkim: parts.rotateDkim,
    feed,
    inTurn,
  })
}

/** Of `NODE.BOOT` what stays the same after a restart. */
const homeOf = (node: string): string => node.split('.')[0] ?? node
