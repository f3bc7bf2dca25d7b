// Puts the four conductors together: judge, submit, report, command. And says what "act" means: the network,
// live sessions, waiting mail and the owner's letter, after every decision. No socket, no cache, no timer here.

import type { Budgets } from '../core/detection/sum.ts'
import type { Advanced } from '../core/isolation/advance.ts'
import { noticeFor } from '../core/notices/notice.ts'
import type { Rule } from '../core/policy/rule.ts'
import { attribute } from './evidence/attribute.ts'
import { addressHider } from '../mail/correspondent-key.ts'
import { refusalIds } from '../mail/refusal-id.ts'
import type { DkimKey } from '../mail/dkim-sign.ts'
import type { DecisionKind } from '../model/decision.ts'
import type { Event } from '../model/event.ts'
import { isLine, type Subject, subjectName } from '../model/evidence.ts'
import type { Incident } from '../model/incident.ts'
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
import type { NetworkControl } from '../ports/network-control.ts'
import type { Recipients } from '../ports/recipients.ts'
import type { Scanner } from '../ports/scanner.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { QueueFilter, Spool } from '../ports/spool.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { deadlines } from './chores/deadlines.ts'
import { lookAfterOptOuts } from './chores/opt-outs.ts'
import { reconcile } from './network/reconcile.ts'
import { lookAgain, lookAgainAt, type Settled } from './chores/second-look.ts'
import { createCommand } from './orders/command.ts'
import { importHistory, type PastMessage } from './evidence/import-history.ts'
import { explain, type Explained } from './judging/explain.ts'
import { createJudge } from './judging/judge.ts'
import { leaseMover, type MoveLeasesParts } from './network/move-leases.ts'
import { misbehaved } from './evidence/misbehaved.ts'
import { notify, notifyImposed, notifyOverLimit, type NotifyParts } from './letters/notify.ts'
import { type OptOutParts, takeAwayOptOuts } from './port25/opt-outs.ts'
import type { OrderParts } from './orders/order-parts.ts'
import { recordStep } from './judging/record-step.ts'
import { createReporter } from './evidence/report.ts'
import { type RolloutParts, type Rollouts, rollouts } from './port25/rollouts.ts'
import { stepBudget } from './judging/step-budget.ts'
import { createSubmit } from './intake/submit.ts'

export type EngineParts = {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  readonly cases: Cases
  readonly notices: NotifyParts['notices']
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
  /** Resolves when nothing reported or decided is still being carried out. */
  idle(): Promise<void>
  readonly chores: {
    reconcile(): Promise<void>
    deadlines(at: number): Promise<void>
    secondLook(at: number): Promise<void>
    optOuts(at: number): Promise<void>
  }
}

export function createEngine(parts: EngineParts): RunningEngine {
  const { settings, cases, spool } = parts
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
    act: (advanced, at) => act(advanced, at),
    trouble: (error, event) => parts.trouble(error, `event ${event.kind}`),
  })
  const ids = refusalIds(settings.secret)
  const mayRecord = stepBudget((lost, at) => reporter.note({ kind: 'journal-gap', at, lost }))
  const hide = addressHider(settings.secret)
  const judge = createJudge({
    ...parts,
    report: reporter.note,
    refusals: {
      name: at => ids.make(at),
      help: id => (settings.refusalPages ? `see ${settings.refusalPages}${id}` : `id ${id}`),
    },
    // Our own letters are nobody's policy.
    record: judged => {
      const { session, at } = judged.step
      if (session !== 'internal' && mayRecord(at)) reporter.note(recordStep(judged, hide))
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
    reporter,
  }
  const notifying = { ...parts, ...settings, engine: { open }, reporter }
  const { ourName } = settings
  const looking = { spool, cases, engine: { open }, reporter, ourName, scanner: parts.scanner }

  const optOut: OptOutParts | undefined = parts.optOut && {
    ...parts,
    ...parts.optOut,
    reporter,
    notifying,
    secret: settings.secret,
    reconcile: subscriber => reconcile(reconciling, subscriber),
  }
  /** Whose line was found infected has no port of their own wish any more. */
  const takeAway = ({ subject }: Incident, at: number) => {
    if (optOut && isLine(subject))
      inBackground(takeAwayOptOuts(optOut, subjectName(subject), at), 'opt-out')
  }

  function act(advanced: Advanced, at: number): void {
    const { incident } = advanced
    const fresh = advanced.decisions.filter(decision => decision.at === at)
    if (fresh.some(({ kind }) => CLOSES.has(kind))) takeAway(incident, at)
    for (const decision of fresh) {
      if (decision.kind === 'stop-login' || decision.kind === 'suspend') cut(incident)
      else if (isLine(incident.subject) && decision.kind !== 'hold') {
        inBackground(reconcile(reconciling, subjectName(incident.subject)), 'network')
      }
      // Mail with evidence that waits for delivery, and is not on its way yet, waits with the rest.
      const waiting: QueueFilter = { ...mailOf(incident.subject), state: 'queued', minNats: 0.01 }
      inBackground(
        spool.change(waiting, { to: 'held', due: decision.until, why: 'evidence' }),
        'holding mail',
      )
    }
    const plan =
      incident.subscriber === undefined
        ? undefined
        : parts.subscribers.get(incident.subscriber)?.plan
    const notice = advanced.changed
      ? noticeFor(incident, plan === 'site' ? 'site' : 'other')
      : undefined
    if (notice) inBackground(notify(notifying, incident, notice, at), 'notice')
  }

  function cut(incident: Incident): void {
    if (!isLine(incident.subject)) parts.sessions.cut(subjectName(incident.subject))
  }

  /** After a release, an order or a deadline: everything that hangs on the case is brought in line. */
  async function follow(incident: Incident, at: number): Promise<Settled | undefined> {
    const inForce = cases.inForce(incident.subject)
    if (inForce.length > 0) cut(incident)
    if (inForce.some(({ kind }) => CLOSES.has(kind))) takeAway(incident, at)
    if (isLine(incident.subject)) await reconcile(reconciling, subjectName(incident.subject))
    if (incident.status !== 'probation' || incident.subscriber === undefined) return undefined
    const settled = await lookAgainAt(looking, incident.subscriber, at)
    inBackground(notify(notifying, incident, 'released', at), 'notice')
    return settled
  }

  const move = leaseMover({
    ...parts,
    reporter,
    reconcile: subscriber => inBackground(reconcile(reconciling, subscriber), 'network'),
  })
  const rolling = parts.rollout && rollouts({ ...parts, ...parts.rollout, notifying })
  const command = createCommand({
    ...parts,
    reporter,
    follow,
    tellImposed: (incident, decision) =>
      inBackground(notifyImposed(notifying, incident, decision), 'notice'),
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
    idle: async () => {
      await reporter.idle()
      while (doing.size > 0) await Promise.all(doing)
    },
    chores: {
      reconcile: () => reconcile(reconciling),
      deadlines: at =>
        deadlines(
          { cases, reporter, undo: incident => inBackground(follow(incident, at), 'deadline') },
          at,
        ),
      secondLook: at => lookAgain(looking, at),
      optOuts: async at => {
        if (optOut) await lookAfterOptOuts(optOut, at)
      },
    },
  }
}

/** Decisions that close a line's port 25. */
const CLOSES: ReadonlySet<DecisionKind> = new Set(['isolate', 'suspend'])

/** A login's mail, or all mail of the line's subscriber. */
function mailOf(subject: Subject): QueueFilter {
  return isLine(subject) ? { subscriber: subjectName(subject) } : { login: subjectName(subject) }
}
