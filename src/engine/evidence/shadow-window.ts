// The window in shadow: mail leaves at once, and it is noted what would have waited, in the order and with the tokens with which it would
// wait. Pure; the lists are kept in memory by episodes.ts, so that a restart forgets them. When the window is in force, the queue has them.

import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'
import { isTight } from '../../core/detection/episodes/window/bucket-of.ts'
import { charged } from '../../core/detection/episodes/window/charge.ts'
import { forecast } from '../../core/detection/episodes/window/forecast.ts'
import { leaving } from '../../core/detection/episodes/window/leaving.ts'
import { partsOf, type SentMessage } from '../../core/detection/episodes/window/parts.ts'
import { releaseOrder } from '../../core/detection/episodes/window/release-order.ts'
import { isReturn, WINDOW_BUCKETS, type WindowBucket } from '../../model/episode.ts'

/** Recipients of one message that wait together. */
export type ShadowWait = {
  readonly bucket: WindowBucket
  readonly units: number
  /** Of its message, with those that have it already. */
  readonly size: number
  readonly judgedSpam: boolean
  readonly since: number
  /** Of a message to one recipient. */
  readonly person?: number | undefined
}

/** Of one subject; what comes beyond it is not noted. */
const MOST_WAITING = 500

export type Paced = {
  readonly records: readonly SubjectRecord[]
  readonly waiting: readonly ShadowWait[]
}

/** What waits and may go by now goes: the first of each bucket, by turns, at its sender's own tokens. */
export function released(
  [own, ...others]: readonly SubjectRecord[],
  waiting: readonly ShadowWait[],
  allowance: Allowance,
  at: number,
): Paced {
  if (!own || waiting.length === 0) return { records: own ? [own, ...others] : [], waiting }
  let record = own
  const lines = Map.groupBy(waiting, ({ bucket }) => bucket)
  const open = new Set(lines.keys())
  while (open.size > 0)
    for (const head of releaseOrder([...open].flatMap(one => lines.get(one)?.slice(0, 1) ?? []))) {
      const line = lines.get(head.bucket) ?? []
      const tried = leaves(record, head, { line, allowance, at })
      record = tried.record
      const rest = head.units - tried.left
      lines.set(head.bucket, [...(rest > 0 ? [{ ...head, units: rest }] : []), ...line.slice(1)])
      if (rest > 0 || line.length === 1) open.delete(head.bucket)
    }
  return { records: [record, ...others], waiting: [...lines.values()].flat() }
}

type Trying = {
  readonly line: readonly ShadowWait[]
  readonly allowance: Allowance
  readonly at: number
}

function leaves(
  record: SubjectRecord,
  head: ShadowWait,
  { line, allowance, at }: Trying,
): { readonly left: number; readonly record: SubjectRecord } {
  const suspect = head.bucket.startsWith('spam')
  const waiting = suspect ? line.length : line.reduce((sum, { units }) => sum + units, 0)
  const said = leaving([record], { ...head, waiting }, allowance, at)
  if (said.what === 'waits') return { left: 0, record }
  // What returns to its sender waits no more, either.
  if (said.what === 'returns') return { left: head.units, record }
  const [next = record] = charged([record], { ...head, ...said }, allowance, at)
  return { left: said.units, record: next }
}

/** The recipients of a message leave or wait: those that are known, and those that are new. `records`: of all that it feeds, its sender's own first. */
export function sent(
  { records, waiting }: Paced,
  message: SentMessage & Pick<ShadowWait, 'person'>,
  allowance: Allowance,
  at: number,
): Paced & { readonly began: readonly ShadowWait[] } {
  let now = records
  const began: ShadowWait[] = []
  for (const { bucket, units } of partsOf(records, message)) {
    const judgedSpam = message.judged === 'spam'
    const { recipients: size, person } = message
    const wait = { bucket, units, size, judgedSpam, since: at, person }
    const outcome = goes(now, [...waiting, ...began], wait, { allowance, at })
    now = outcome.records
    if (outcome.left < units) began.push({ ...wait, units: units - outcome.left })
  }
  const room = Math.max(0, MOST_WAITING - waiting.length)
  return { records: now, waiting: [...waiting, ...began.slice(0, room)], began }
}

/** No message overtakes another of its bucket. */
function goes(
  records: readonly SubjectRecord[],
  waiting: readonly ShadowWait[],
  wait: ShadowWait,
  { allowance, at }: Pick<Trying, 'allowance' | 'at'>,
): { readonly left: number; readonly records: readonly SubjectRecord[] } {
  const [own] = records
  if (wait.bucket === 'known' && own && !isTight(own)) return { left: wait.units, records }
  if (waiting.some(({ bucket }) => bucket === wait.bucket)) return { left: 0, records }
  const said = leaving(records, { ...wait, waiting: 1 }, allowance, at)
  if (said.what !== 'leaves') return { left: 0, records }
  return { left: said.units, records: charged(records, { ...wait, ...said }, allowance, at) }
}

/** What waits in each bucket, and about when the last of it leaves. */
export const shadowForecast = (
  record: SubjectRecord,
  waiting: readonly ShadowWait[],
  allowance: Allowance,
  at: number,
): readonly {
  readonly bucket: WindowBucket
  readonly recipients: number
  readonly until: number
  readonly returns?: true
}[] =>
  WINDOW_BUCKETS.flatMap(bucket => {
    const line = waiting.filter(one => one.bucket === bucket)
    const [first] = line
    if (!first) return []
    const recipients = line.reduce((sum, { units }) => sum + units, 0)
    const asked = { bucket, recipients, since: first.since }
    const until = forecast(record, asked, allowance, at)
    const returns = isReturn(bucket, first.since, until)
    return [{ bucket, recipients, until, ...(returns ? { returns } : {}) }]
  })
