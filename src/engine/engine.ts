// Puts the four conductors together, judge, submit, report, command, and what follows from their decisions (effects/). No socket, no
// cache, no timer here.

import type { Rule } from '../core/policy/rule.ts'
import { tellLost } from './intake/elsewhere/tell-lost.ts'
import { NOTHING_ELSEWHERE } from './intake/elsewhere/held-elsewhere.ts'
import { asHandedIn } from './intake/handed-in.ts'
import { holdAtRcpt } from './intake/elsewhere/hold-at-rcpt.ts'
import { attribute } from './evidence/attribute.ts'
import type { Event } from '../model/event.ts'
import type { Step } from '../model/step.ts'
import type { Engine } from '../ports/engine.ts'
import type { MailHeard } from '../ports/mail-heard.ts'
import type { MoveLeases } from '../ports/leases.ts'
import { type ChoresNow, type WiredChore, wiredChores } from './chores/chores.ts'
import type { Reporter } from './evidence/report.ts'
import { importHistory, type PastMessage } from './evidence/import-history.ts'
import { explain, type Explained } from './judging/explain.ts'
import type { Complaints } from './evidence/complaints.ts'
import type { PublishedList } from './network/published-list.ts'
import { leaseMover } from './network/move-leases.ts'
import { protocolViolation } from './evidence/protocol-violation.ts'
import type { Rollouts } from './port25/rollouts.ts'
import type { Sightings } from './letters/abuse/sightings.ts'
import type { AbuseReporting } from '../model/gathered-report.ts'
import { reportingOf } from './letters/abuse/gathered.ts'
import { abuseReportsOf, askPartsOf } from './letters/wired.ts'
import { alarmOfLarge } from './letters/large-message.ts'
import { notifyOverLimit } from './letters/notify.ts'
import { checkNetwork } from './network/check-network.ts'
import { followForeignChanges, reconcile } from './network/reconcile.ts'
import type { SubmitParts } from './intake/submit-parts.ts'
import type { EngineParts } from './engine-parts.ts'
import {
  commandOf,
  complaintsOf,
  effectsOf,
  judgeOf,
  listOf,
  secondLookOf,
  notifierOf,
  optOutOf,
  reconcilerOf,
  reporterOf,
  rolloutsOf,
  submitOf,
  windowOf,
} from './wiring.ts'

export type RunningEngine = Engine & {
  /** Weighs a complete event: replay. */
  conduct(event: Event): Promise<void>
  readonly moveLeases: MoveLeases
  /** What the logs of other mail servers say; undefined where none is read. */
  readonly heard: MailHeard | undefined
  /** What evidence by episodes says of a subject now; undefined where it is off, or knows nothing. */
  episodes(...asked: Parameters<Reporter['episodes']>): ReturnType<Reporter['episodes']>
  /** Learns what was usual before Cordon came. Returns how many messages were told. */
  importHistory(past: Iterable<PastMessage>): Promise<number>
  readonly rollouts: Rollouts | undefined
  readonly list: PublishedList | undefined
  /** Reports of abuse. */
  readonly complaints: Complaints | undefined
  /** Machines of other networks, of which reports go to those. */
  readonly sightings: Sightings | undefined
  /** What is gathered of them, and which contact was told when; undefined where none is named. */
  readonly abuseReporting: (() => AbuseReporting) | undefined
  /** What is wrong with what the network enforces. */
  checkNetwork(): ReturnType<typeof checkNetwork>
  /** What each rule would say of a step, without counting or reporting it. */
  readonly explain: (step: Step) => Promise<readonly Explained[]>
  /** The rules for every step from now on. */
  readonly replaceRules: (rules: readonly Rule[]) => void
  /** Resolves when the place from which effects go on is known: a decision after that never loses its effects. */
  readonly ready: Promise<void>
  /** Resolves when nothing reported or decided is still being carried out. */
  idle(): Promise<void>
  /** What is done every so often. */
  readonly timetable: readonly WiredChore[]
  readonly chores: ChoresNow & {
    /** Compares what other servers hold for us with our records of it. */
    heldElsewhere(at: number): Promise<void>
  }
}

export function createEngine(parts: EngineParts): RunningEngine {
  const { cases, leases, subscribers, counters, leaseRows, now } = parts
  const { elsewhere = NOTHING_ELSEWHERE, settings } = parts
  let { rules } = parts
  const background = inBackground(parts.trouble)
  const reporter = reporterOf(parts, () => rules)
  const judge = judgeOf(parts, reporter)
  const tellOverLimit: SubmitParts['tellOverLimit'] = told => {
    background.run(notifyOverLimit(notifier, counters, told), 'notice')
    background.run(alarmOfLarge({ counters, reporter }, told), 'alarm')
  }
  const open: Engine['open'] = tx => intake.open(asHandedIn(tx))
  const window = windowOf(parts, { reporter, open })
  const intake = submitOf(parts, { judge, reporter, window, tellOverLimit })
  const notifier = notifierOf(parts, open, reporter)
  const reconciler = reconcilerOf(parts, reporter)
  const list = listOf(parts, reporter)
  const inLine = withList(list, subscriber => reconcile(reconciler, subscriber))
  followForeignChanges(reconciler, work => background.run(work, 'network'))
  const secondLook = secondLookOf(parts, { open, reporter, rules: () => rules })
  const optOut = optOutOf(parts, { reporter, notifier, reconcile: inLine })
  const effects = effectsOf(parts, { secondLook, reconciler, optOut, notifier, list })
  const moved = (subscriber: string) => background.run(inLine(subscriber), 'network')
  const moveLeases = leaseMover({ leases, leaseRows, reporter, reconcile: moved, now })
  const rollouts = rolloutsOf(parts, notifier)
  const complaints = complaintsOf(parts, reporter)
  const { reached: followed } = effects
  const forOrders = { reporter, followed, moveLeases, optOut, rollouts, reconcileAll: inLine }
  const abuse = abuseReportsOf(parts, { sightings: intake.sightings, open, reporter })
  const given = { optOut, abuse, rollouts, askParts: askPartsOf(parts, { reporter, notifier }) }
  const wired = { ...given, cases, subscribers, reporter, reconciler, effects, secondLook, window }
  const { timetable, chores } = wiredChores(wired, now)
  const attribution = { leases, subscribers, cases }
  const atRcpt = { elsewhere, reporter, attribution }

  return {
    judge: asked => {
      const step = asHandedIn(asked)
      const told = protocolViolation(attribution, step)
      if (told) reporter.report(told)
      if (step.fault) return judge.refuse(attribute(attribution, step), step.fault)
      if (isUnseen(step)) return intake.unseen(step)
      const judged = judge.judge(step)
      return isCountedAtRcpt(step) ? holdAtRcpt(atRcpt, step, judged) : judged
    },
    open,
    heard: intake.heard,
    report: reporter.report,
    moveLeases,
    command: commandOf(parts, forOrders, complaints),
    conduct: reporter.conduct,
    episodes: (subject, at) => reporter.episodes(subject, at),
    rollouts,
    list,
    complaints,
    sightings: intake.sightings,
    abuseReporting: reportingOf(abuse, now),
    checkNetwork: () => checkNetwork(reconciler),
    explain: step => explain({ ...attribution, counters, lookups: parts.lookups }, rules, step),
    replaceRules: next => {
      rules = next
      judge.replaceRules(next)
    },
    importHistory: past =>
      importHistory({ ...settings, leases, subscribers, cases, counters }, past),
    ready: effects.ready,
    idle: async () => {
      judge.tellObserved()
      await reporter.idle()
      await effects.idle()
      await background.idle()
      await effects.keep()
    },
    timetable,
    chores: {
      ...chores,
      heldElsewhere: async at => tellLost({ reporter, counters }, await elsewhere.look(at), at),
    },
  }
}

/** The list is brought in line first: it does not wait for routers. */
const withList =
  (list: PublishedList | undefined, bring: (subscriber?: string) => Promise<void>) =>
  async (subscriber?: string): Promise<void> => {
    if (subscriber !== undefined) list?.refresh(subscriber)
    await Promise.all([bring(subscriber), subscriber === undefined && list?.refreshAll()])
  }

/** A message of our own customers whose content Cordon will not see. */
const isUnseen = ({ stage, commits, listener }: Step): boolean =>
  stage === 'message' && commits === true && listener !== 'inbound'

const isCountedAtRcpt = ({ stage, commits }: Step): boolean => stage === 'rcpt' && commits === true

/** Work that is awaited only when the engine is to be idle. */
function inBackground(trouble: EngineParts['trouble']) {
  const doing = new Set<Promise<void>>()
  return {
    run: (work: Promise<unknown>, about: string): void => {
      const tracked: Promise<void> = work
        .then(() => undefined)
        .catch(error => trouble(error, about))
        .finally(() => doing.delete(tracked))
      doing.add(tracked)
    },
    idle: async (): Promise<void> => {
      while (doing.size > 0) await Promise.all(doing)
    },
  }
}
