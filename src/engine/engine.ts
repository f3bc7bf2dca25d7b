// Puts the four conductors together, judge, submit, report, command, and what follows from their decisions (effects/). No socket, no
// cache, no timer here.

import type { Budgets } from '../core/detection/sum.ts'
import type { Rule } from '../core/policy/rule.ts'
import { attribute } from './evidence/attribute.ts'
import { addressHider } from '../mail/correspondent-key.ts'
import { refusalIds } from '../mail/refusal-id.ts'
import type { DkimKey } from '../mail/dkim-sign.ts'
import type { Event } from '../model/event.ts'
import type { Step } from '../model/step.ts'
import type { Archives } from '../ports/archives.ts'
import type { Authenticator } from '../ports/authenticator.ts'
import type { Counters } from '../ports/counters.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Engine } from '../ports/engine.ts'
import type { Journal } from '../ports/journal.ts'
import type { Leases, MoveLeases } from '../ports/leases.ts'
import type { Cases } from '../ports/cases.ts'
import type { Lookups } from '../ports/lookups.ts'
import type { Names } from '../ports/names.ts'
import type { Notices } from '../ports/notices.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Recipients } from '../ports/recipients.ts'
import type { Scanner } from '../ports/scanner.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { Spool } from '../ports/spool.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { deadlines } from './chores/deadlines.ts'
import { lookAfterOptOuts } from './chores/opt-outs.ts'
import { reconcile } from './network/reconcile.ts'
import type { Turns } from './network/turns.ts'
import { lookAgain } from './chores/second-look.ts'
import { createCommand } from './orders/command.ts'
import { followChanges, type FollowingParts } from './effects/effects.ts'
import { importHistory, type PastMessage } from './evidence/import-history.ts'
import { explain, type Explained } from './judging/explain.ts'
import { createJudge } from './judging/judge.ts'
import { leaseMover, type MoveLeasesParts } from './network/move-leases.ts'
import { misbehaved } from './evidence/misbehaved.ts'
import { notifyOverLimit } from './letters/notify.ts'
import type { OptOutParts } from './port25/opt-outs.ts'
import type { OrderParts } from './orders/order-parts.ts'
import { recordStep } from './judging/record-step.ts'
import { createReporter } from './evidence/report.ts'
import { type RolloutParts, type Rollouts, rollouts } from './port25/rollouts.ts'
import { ObservedOnce } from './judging/observed-once.ts'
import { stepBudget } from './judging/step-budget.ts'
import { createSubmit } from './intake/submit.ts'

export type EngineParts = {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  readonly cases: Cases
  readonly changes: FollowingParts['changes']
  readonly records: FollowingParts['records']
  readonly notices: Notices
  readonly audit: OrderParts['audit']
  readonly leaseRows: MoveLeasesParts['leaseRows']
  readonly spool: Spool
  readonly leases: Leases
  readonly subscribers: Subscribers
  readonly recipients: Recipients
  readonly lookups: Lookups
  readonly credentials: Credentials
  readonly scanner: Scanner
  readonly authenticator: Authenticator
  readonly archives: Archives
  readonly sessions: Sessions
  readonly network: readonly NetworkControl[]
  readonly journal: Journal
  readonly names: Names
  /** Where customers may have their port 25 opened themselves. */
  readonly optOut?: Pick<
    OptOutParts,
    'optOuts' | 'factors' | 'resolver' | 'relayProbe' | 'expertRate' | 'tell'
  >
  /** Where port 25 is closed in parts. */
  readonly rollout?: RolloutParts
  /** Network drivers that hold nothing, because somebody said so. */
  readonly off?: OrderParts['off']
  /** Takes over customers of the provider's own systems. */
  readonly takeOver?: OrderParts['takeOver']
  readonly now: () => number
  readonly settings: EngineSettings
  readonly trouble: (error: unknown, about: string) => void
}

export type EngineSettings = {
  readonly node: string
  readonly ourName: string
  /** The domain our own letters come from. */
  readonly mailDomain: string
  readonly provider: string
  readonly portal: string
  /** Where the provider's clock hangs: for times in letters. */
  readonly timeZone: () => string
  readonly secret: string
  readonly expireAfter: number
  readonly budgets: Budgets
  /** Somewhere port 25 is turned to a listener of ours. */
  readonly turnsToUs?: boolean
  /** Addresses that nobody was ever given, in lower case. */
  readonly traps?: () => ReadonlySet<string>
  readonly dkim: DkimKey | undefined
  /** Address of the pages behind refusals, up to their names; without it only the name is told. */
  readonly refusalPages?: string
}

export type RunningEngine = Engine & {
  /** Weighs a complete event: replay. */
  conduct(event: Event): Promise<void>
  readonly moveLeases: MoveLeases
  /** Learns what was usual before Cordon came. Returns how many messages were told. */
  importHistory(past: Iterable<PastMessage>): Promise<number>
  readonly rollouts: Rollouts | undefined
  /** What each rule would say of a step, without counting or telling anybody. */
  explain(step: Step): Promise<readonly Explained[]>
  /** What is asked of every step from now on. */
  replaceRules(rules: readonly Rule[]): void
  /** Resolves when it is known from where to go on with what follows from decisions: what is decided then is never forgotten. */
  readonly ready: Promise<void>
  /** Resolves when nothing reported or decided is still being carried out. */
  idle(): Promise<void>
  readonly chores: {
    reconcile(): Promise<void>
    deadlines(at: number): Promise<void>
    secondLook(at: number): Promise<void>
    optOuts(at: number): Promise<void>
    /** What follows from decisions, of other nodes as well, and what could not be done before. */
    effects(): Promise<void>
  }
}

export function createEngine(parts: EngineParts): RunningEngine {
  const { settings, cases } = parts
  const doing = new Set<Promise<void>>()
  const inBackground = (work: Promise<unknown>, about: string) => {
    const tracked: Promise<void> = work
      .then(() => undefined)
      .catch(error => parts.trouble(error, about))
      .finally(() => doing.delete(tracked))
    doing.add(tracked)
  }

  let { rules } = parts
  const reporter = createReporter({
    ...parts,
    node: settings.node,
    budgets: settings.budgets,
    customers: () => parts.subscribers.count(),
    rules: () => rules,
    trouble: (error, event) => parts.trouble(error, `event ${event.kind}`),
  })
  const ids = refusalIds(settings.secret)
  const mayRecord = stepBudget((left, at) => reporter.note({ kind: 'steps-left-out', at, ...left }))
  const observed = new ObservedOnce(reporter.note)
  const hide = addressHider(settings.secret)
  const judge = createJudge({
    ...parts,
    report: event => (event.kind === 'judged' ? observed.take(event) : reporter.note(event)),
    refusals: {
      name: at => ids.make(at),
      help: id => (settings.refusalPages ? `see ${settings.refusalPages}${id}` : `id ${id}`),
    },
    // Our own letters are nobody's policy.
    record: judged => {
      const { session, at, client, who } = judged.step
      if (session === 'internal') return
      observed.sweep(at)
      const step = { at, address: client.address, login: who.login }
      if (mayRecord({ ...step, refused: judged.refusal !== undefined }))
        reporter.note(recordStep(judged, hide))
    },
  })
  const tellOverLimit = (subscriber: string, at: number) =>
    inBackground(notifyOverLimit(notifying, subscriber, at), 'notice')
  const open: Engine['open'] = createSubmit({
    ...parts,
    ...settings,
    judge,
    reporter,
    tellOverLimit,
  })
  const reconciling = {
    ...parts,
    ...(parts.optOut ? { optOuts: parts.optOut.optOuts } : {}),
    drivers: parts.network,
    turns: new Map<string, Turns>(),
    reporter,
  }
  const notifying = { ...parts, ...settings, engine: { open }, reporter }
  const { ourName } = settings
  const looking = {
    spool: parts.spool,
    cases,
    engine: { open },
    reporter,
    ourName,
    scanner: parts.scanner,
  }

  const optOut: OptOutParts | undefined = parts.optOut && {
    ...parts,
    ...parts.optOut,
    reporter,
    notifying,
    secret: settings.secret,
    reconcile: subscriber => reconcile(reconciling, subscriber),
  }
  const effects = followChanges(
    {
      changes: parts.changes,
      cases,
      records: parts.records,
      node: homeOf(settings.node),
      now: parts.now,
      trouble: parts.trouble,
    },
    { ...parts, looking, reconciling, optOut, notifying },
  )

  const move = leaseMover({
    ...parts,
    reporter,
    reconcile: subscriber => inBackground(reconcile(reconciling, subscriber), 'network'),
  })
  const rolling = parts.rollout && rollouts({ ...parts, ...parts.rollout, notifying })
  const command = createCommand({
    ...parts,
    reporter,
    followed: effects.reached,
    moveLeases: move,
    optOut,
    rollouts: rolling,
    turnsToUs: settings.turnsToUs,
    reconcileAll: () => reconcile(reconciling),
  })

  return {
    judge: step => {
      const told = misbehaved(parts, step)
      if (told) reporter.report(told)
      return step.fault ? judge.refuse(attribute(parts, step), step.fault) : judge.judge(step)
    },
    open,
    report: reporter.report,
    moveLeases: move,
    command,
    conduct: reporter.conduct,
    rollouts: rolling,
    explain: step => explain(parts, rules, step),
    replaceRules: next => {
      rules = next
      judge.replaceRules(next)
    },
    importHistory: past => importHistory({ ...parts, secret: settings.secret }, past),
    ready: effects.ready,
    idle: async () => {
      observed.end()
      await reporter.idle()
      await effects.idle()
      while (doing.size > 0) await Promise.all(doing)
      await effects.keep()
    },
    chores: {
      reconcile: () => reconcile(reconciling),
      deadlines: at => deadlines({ cases, reporter }, at),
      secondLook: at => lookAgain(looking, at),
      optOuts: async at => {
        if (optOut) await lookAfterOptOuts(optOut, at)
      },
      effects: async () => {
        await effects.wake()
        await effects.keep()
      },
    },
  }
}

/** Of `NODE.BOOT` what stays the same after a restart. */
const homeOf = (node: string): string => node.split('.')[0] ?? node
