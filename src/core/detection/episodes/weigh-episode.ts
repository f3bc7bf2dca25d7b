// The evidence of the episode as it stands: z, what it adds to the sum, and which kinds it speaks of. The sum grows by what z exceeds its
// highest so far, above a toll, so that saying the same again adds nothing.

import { DAY } from '../../../model/duration.ts'
import { stretchFirst, stretchSource, stretchSpam } from './habit.ts'
import { type OmittedColumns, ratio, type Seen } from './mixture.ts'
import {
  COLUMNS,
  EPISODE_KINDS,
  type Column,
  type EpisodeKind,
  type SubjectRecord,
} from './state.ts'
import { FORGOTTEN_A_DAY, KIND_COUNTS, MOST_SUM, TOLL } from './tables.ts'

const without = (columns: readonly Column[], sizes: Partial<OmittedColumns>): OmittedColumns => ({
  columns: COLUMNS.map(column => columns.includes(column)),
  firstSize: false,
  spamSize: false,
  ...sizes,
})

const KINDS: readonly (readonly [EpisodeKind, OmittedColumns])[] = [
  ['content', without(['spamToNew', 'spamToKnown'], { spamSize: true })],
  ['recipients', without(['firstTimers'], { firstSize: true })],
  ['results', without(['unknownUsers'], {})],
  ['refusals', without(['refusals'], {})],
]

export function seenOf(record: SubjectRecord): Seen {
  const { numbers, tried, hit } = record
  const many = stretchSource(record)
  return {
    tried,
    hit,
    firstTimers: numbers.firstTimers,
    judgedSpam: numbers.judgedSpam,
    stretchFirst: many * stretchFirst(record),
    stretchSpam: many * stretchSpam(record),
  }
}

/** Time takes off the sum; a sum of nothing has no kinds. */
export function forget({ numbers, kinds }: SubjectRecord, at: number): void {
  if (at <= numbers.at) return
  numbers.sum = Math.max(0, numbers.sum - (FORGOTTEN_A_DAY * (at - numbers.at)) / DAY)
  numbers.at = at
  if (numbers.sum === 0) kinds.fill(0)
}

export function weighEpisode(draft: SubjectRecord): void {
  const { numbers } = draft
  const seen = seenOf(draft)
  const z = ratio(seen, draft.prior)
  if (z <= numbers.z) return
  const above = (nats: number) => Math.max(0, nats - TOLL)
  numbers.sum = Math.min(MOST_SUM, numbers.sum + above(z) - above(numbers.z))
  numbers.z = z
  if (z <= TOLL) return
  for (const [kind, leftOut] of KINDS) {
    const says = z - Math.max(0, ratio(seen, draft.prior, leftOut))
    if (says > KIND_COUNTS) raise(draft, kind, says)
  }
}

/** Evidence with nats of its own. */
export function addNats(draft: SubjectRecord, kind: EpisodeKind, nats: number): void {
  draft.numbers.sum = Math.min(MOST_SUM, draft.numbers.sum + nats)
  raise(draft, kind, nats)
}

function raise({ kinds }: SubjectRecord, kind: EpisodeKind, nats: number): void {
  const at = EPISODE_KINDS.indexOf(kind)
  kinds[at] = Math.max(kinds[at] as number, nats)
}

/** What the window and the decisions go by: the sum, and of this episode at most what it had free. */
export const suspicion = ({ numbers }: SubjectRecord): number =>
  numbers.sum + Math.min(numbers.z, TOLL)

export const kindsOf = ({ kinds }: SubjectRecord): EpisodeKind[] =>
  EPISODE_KINDS.filter((_, at) => (kinds[at] as number) > 0)
