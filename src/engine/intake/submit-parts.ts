// What `submit` and its functions need. Each function names what it takes of it.

import type { Budgets } from '../../core/detection/sum.ts'
import type { DmarcRow } from '../../model/dmarc-row.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Readings } from '../../ports/readings.ts'
import type { Spool } from '../../ports/spool.ts'
import type { HeldElsewhere } from './elsewhere/held-elsewhere.ts'
import type { LoggedRows } from './logged-rows.ts'
import type { Reporter } from '../evidence/report.ts'
import type { Sightings } from '../letters/abuse/sightings.ts'
import type { OverLimit } from '../letters/notify.ts'
import type { Window } from '../evidence/window.ts'
import type { Judge } from '../judging/judge.ts'
import type { EnvelopeParts } from './envelope.ts'
import type { ExamineParts } from './examine.ts'

export type SubmitParts = ExamineParts &
  EnvelopeParts & {
    readonly cases: Pick<Cases, 'epoch' | 'inForce' | 'open'>
    readonly spool: Spool
    readonly readings: Readings
    /** What other servers hold for us. */
    readonly elsewhere: Pick<
      HeldElsewhere,
      'whyNot' | 'get' | 'keep' | 'keepUnanswered' | 'answered' | 'forget'
    >
    /** Where the log of a server that asks us is read. */
    readonly logged?: LoggedRows | undefined
    /** Machines of other networks that send spam. */
    readonly sightings?: Pick<Sightings, 'message'> | undefined
    /** What the domain in From hears of a message. */
    readonly dmarcSeen?: (row: DmarcRow) => void
    readonly judge: Judge
    readonly window: Pick<Window, 'place' | 'admit' | 'observe'>
    readonly reporter: Reporter
    readonly budgets: Budgets
    /** A problem inside, for the log. */
    readonly trouble: (error: unknown, about: string) => void
    /** Mail waits because it is over a limit: its owner hears of it, of a large message the operator as well. */
    readonly tellOverLimit: (told: OverLimit) => void
  }
