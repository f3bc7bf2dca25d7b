// The chores of the engine, as a list: a file and a line each. src/app/chores.ts has the timers, and chores that are about files and doors.

import type { Effects } from '../effects/effects.ts'
import type { Reporter } from '../evidence/report.ts'
import type { Window } from '../evidence/window.ts'
import type { ReconcileParts } from '../network/reconcile.ts'
import type { OptOutParts } from '../port25/opt-outs.ts'
import type { Rollouts } from '../port25/rollouts.ts'
import type { AbuseReportParts } from '../letters/abuse/abuse-reports.ts'
import type { AskParts } from '../letters/ask-owners.ts'
import { askOwners } from './ask-owners.ts'
import type { Chore } from './chore.ts'
import { customersGone, type CustomersGoneParts } from './customers-gone.ts'
import { deadlines } from './deadlines.ts'
import { followDecisions } from './follow-decisions.ts'
import { optOuts } from './opt-outs.ts'
import { reconcileNetwork } from './reconcile-network.ts'
import { abuseReports } from './report-abuse.ts'
import { rolloutStages } from './rollout-stages.ts'
import { lookAgainChore, type SecondLookParts } from './second-look.ts'
import { windowTurns } from './window-turns.ts'

/** In the order in which those are done that a start waits for. */
const CHORES = {
  // Done when they are taken out, too: this is for what a crash, or a disk that was full, kept from being done.
  customersGone,
  reconcile: reconcileNetwork,
  effects: followDecisions,
  deadlines,
  secondLook: lookAgainChore,
  window: windowTurns,
  askOwners,
  rollout: rolloutStages,
  optOuts,
  abuseReports,
} as const satisfies Readonly<Record<string, Chore<ChoreParts>>>

/** All that they are carried out with. Each names what it takes of it. */
export type ChoreParts = {
  readonly cases: CustomersGoneParts['cases']
  readonly subscribers: CustomersGoneParts['subscribers']
  readonly reporter: Pick<Reporter, 'note' | 'report'>
  readonly reconciler: ReconcileParts
  readonly effects: Effects
  readonly secondLook: SecondLookParts
  readonly window: Pick<Window, 'look'>
  readonly askParts: AskParts
  readonly optOut: OptOutParts | undefined
  readonly rollouts: Rollouts | undefined
  readonly abuse: AbuseReportParts | undefined
}

/** One that is wired: `run` is all there is to call. */
export type WiredChore = Omit<Chore<never>, 'run'> & {
  readonly run: (at: number, stopping: AbortSignal) => Promise<unknown>
}

/** Each by its name in the list, for a test or a program that wants it done now. */
export type ChoresNow = {
  readonly [K in keyof typeof CHORES]: (at?: number) => Promise<void>
}

export function wiredChores(
  parts: ChoreParts,
  now: () => number,
): { readonly timetable: readonly WiredChore[]; readonly chores: ChoresNow } {
  const listed: readonly (readonly [string, Chore<ChoreParts>])[] = Object.entries(CHORES)
  const goesOn = new AbortController().signal
  const named = listed.map(([key, chore]) => [
    key,
    async (at = now()) => void (await chore.run(parts, at, goesOn)),
  ])
  return {
    timetable: listed.map(([, chore]) => ({
      ...chore,
      run: (at, stopping) => chore.run(parts, at, stopping),
    })),
    chores: Object.fromEntries(named) as ChoresNow,
  }
}
