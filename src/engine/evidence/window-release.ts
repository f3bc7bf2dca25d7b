// What of one sender waits for the window is tried, turn by turn, the first of each bucket: it goes, is held by a case, returns to its sender,
// or waits on. It is charged before it goes: a crash in between charges it twice, and never sends it twice or loses it.

import { type Leaving, leaving } from '../../core/detection/episodes/window/leaving.ts'
import { releaseOrder } from '../../core/detection/episodes/window/release-order.ts'
import { judgedOf, whomOf, type WhomOf } from '../../core/detection/observations-in.ts'
import { lastHolding, mailVerdict } from '../../core/isolation/mail-verdict.ts'
import { waitsFor } from '../../core/isolation/waits-for.ts'
import type { DecisionKind } from '../../model/decision.ts'
import { MINUTE } from '../../model/duration.ts'
import type { WindowBucket } from '../../model/episode.ts'
import type { Subject } from '../../model/evidence.ts'
import { heldWhy } from '../../model/held-for.ts'
import type { Cases } from '../../ports/cases.ts'
import type { PacedPart, Spool } from '../../ports/spool.ts'
import type { Lanes } from './lanes.ts'
import { type LearnParts, learnReached } from './learn-reached.ts'
import type { Reporter } from './report.ts'
import { leavesAt } from './window-forecast.ts'

export type ReleaseParts = LearnParts & {
  readonly spool: Pick<Spool, 'paced' | 'change'>
  readonly cases: Pick<Cases, 'inForce' | 'open'>
  readonly reporter: Pick<Reporter, 'paying' | 'tellEpisodes'>
  /** Two senders may take tokens of one foreign address: each looks and pays before the next one looks. */
  readonly tokens: Lanes
  /** What can wait no longer; without it that waits for the next look. */
  readonly giveBack?: (part: PacedPart, at: number) => Promise<void>
  /** Counted now: its recipients are known already. */
  readonly counting?: string
}

/** Parts of each bucket that are read at once. */
const HEADS = 16
/** A time that is said is corrected when it is wrong by more. */
const WRONG_BY = 15 * MINUTE

type Line = { readonly parts: PacedPart[]; messages: number; recipients: number }

/** Resolves when all is gone that may go now. */
export async function release(parts: ReleaseParts, payer: Subject, at: number): Promise<void> {
  for (;;) {
    const lines = linesOf(await parts.spool.paced(payer, HEADS))
    const read = [...lines.values()].filter(({ parts: { length } }) => length === HEADS)
    await inTurns(parts, lines, at)
    // Of one of them all that was read is gone, and there may be more.
    if (!read.some(line => line.parts.length === 0))
      return correctTimes(parts, payer, { lines, at })
  }
}

const linesOf = (parts: readonly PacedPart[]): Map<WindowBucket, Line> =>
  new Map(
    [...Map.groupBy(parts, ({ bucket }) => bucket)].map(([bucket, all]) => [
      bucket,
      {
        parts: [...all],
        messages: all[0]?.messagesWaiting ?? 0,
        recipients: all[0]?.recipientsWaiting ?? 0,
      },
    ]),
  )

async function inTurns(
  parts: ReleaseParts,
  lines: ReadonlyMap<WindowBucket, Line>,
  at: number,
): Promise<void> {
  const open = new Set(lines.keys())
  const heads = () =>
    [...open]
      .flatMap(bucket => lines.get(bucket)?.parts.slice(0, 1) ?? [])
      .map(part => ({
        part,
        bucket: part.bucket,
        since: part.at,
      }))
  for (let now = heads(); now.length > 0; now = heads())
    for (const { part, bucket } of releaseOrder(now)) {
      const line = lines.get(bucket) as Line
      const gone = await tried(parts, part, { line, at })
      if (gone === 0) open.delete(bucket)
      else takeFrom(line, gone)
    }
}

/** So many recipients of its first message wait no more; the others are its first message still. */
function takeFrom(line: Line, gone: number): void {
  const [first] = line.parts
  if (!first) return
  line.recipients -= gone
  const recipients = first.recipients - gone
  if (recipients > 0) return void line.parts.splice(0, 1, { ...first, recipients })
  line.parts.shift()
  line.messages--
}

type Look = {
  readonly line: Pick<Line, 'messages' | 'recipients'>
  readonly at: number
}

export type PartToLeave = Pick<
  PacedPart,
  'payer' | 'message' | 'bucket' | 'recipients' | 'facts' | 'at'
>

/** How many of its recipients wait no more. */
async function tried(parts: ReleaseParts, part: PacedPart, { line, at }: Look): Promise<number> {
  const byCase = stoppedBy(parts, part, at)
  const isOver = part.expires <= at
  if (byCase === 'waits' && !isOver) return 0
  const { message, bucket, recipients } = part
  const mine = { message, state: 'paced', bucket } as const
  if (typeof byCase === 'object') {
    await parts.spool.change(mine, byCase)
    return recipients
  }
  const allowed: Leaving =
    byCase === 'waits'
      ? await stoppedAsRead(parts, part, at)
      : await asTokensAllow(parts, part, { line, at })
  if (allowed.what === 'leaves') {
    const chosen = { ...mine, first: allowed.units }
    const rows = await parts.spool.change(chosen, { to: 'queued', due: at })
    if (message !== parts.counting)
      await learnReached(parts, part, { rows, units: allowed.units, at })
    return allowed.units
  }
  const returns = isOver || allowed.what === 'returns'
  if (!returns || !parts.giveBack) return 0
  await parts.giveBack(part, at)
  return recipients
}

/** Mail of damaged facts is of its sender alone, and was not looked into. */
const whomOfPart = ({ facts }: Pick<PacedPart, 'facts'>, payer: Subject): WhomOf =>
  facts ? whomOf(facts) : { subjects: [payer] }

const STOPS: readonly DecisionKind[] = ['stop-login', 'isolate', 'suspend']

/** By a decision in force: mail with evidence is held for the case; the rest waits while its sender is stopped. */
function stoppedBy({ cases }: ReleaseParts, part: PacedPart, at: number) {
  const subjects = part.facts?.subjects ?? []
  const inForce = subjects.flatMap(subject => [...cases.inForce(subject)])
  const last = lastHolding(inForce)
  const verdict = mailVerdict(part.nats, inForce, at)
  if (last && verdict.kind === 'hold') {
    const help = waitsFor(cases.open(last.subject)?.caseCode, last)
    const why = heldWhy({ reason: 'evidence', help })
    return { to: 'held', due: verdict.until, why } as const
  }
  return inForce.some(({ kind }) => STOPS.includes(kind)) ? 'waits' : 'goes'
}

/** Where nothing can be read of its sender this rejects, as `asTokensAllow` does: nothing leaves then, and nothing returns. */
async function stoppedAsRead(
  { reporter }: ReleaseParts,
  part: PacedPart,
  at: number,
): Promise<Leaving> {
  await reporter.paying(whomOfPart(part, part.payer), at)
  return { what: 'waits' }
}

/** Looked, and charged where it leaves. */
export async function asTokensAllow(
  { reporter, tokens }: Pick<ReleaseParts, 'reporter' | 'tokens'>,
  part: PartToLeave,
  { line, at }: Look,
): Promise<Leaving> {
  const { message, bucket, recipients, facts } = part
  const whom = whomOfPart(part, part.payer)
  const judgedSpam = facts !== undefined && judgedOf(facts) === 'spam'
  let said: Leaving = { what: 'waits' }
  const lanes = whom.source ? [...whom.subjects, whom.source.subject] : whom.subjects
  await tokens.run({ subjects: lanes, urgent: true }, async () => {
    const now = await reporter.paying(whom, at)
    if (!now) return
    const { records, allowance, payers } = now
    const waiting = bucket.startsWith('spam') ? line.messages : line.recipients
    const size = facts?.recipients ?? recipients
    const person = facts?.episode?.person
    const waits = { bucket, judgedSpam, units: recipients, size, since: part.at, waiting, person }
    said = leaving(records, waits, allowance, at)
    if (said.what !== 'leaves') return
    const { units, byExit } = said
    const waited = Math.max(0, at - part.at)
    const told = { message, bucket, recipients: units, judgedSpam, byExit, waited } as const
    const whose = { subject: part.payer, payers, ...(person === undefined ? {} : { person }) }
    await reporter.tellEpisodes({ kind: 'mail-let-go', at, ...whose, ...told })
  })
  return said
}

/** What the owner and staff read beside each message. */
async function correctTimes(
  { spool, reporter }: ReleaseParts,
  payer: Subject,
  { lines, at }: { readonly lines: ReadonlyMap<WindowBucket, Line>; readonly at: number },
): Promise<void> {
  const waiting = [...lines.values()].filter(line => line.parts.length > 0)
  if (waiting.length === 0) return
  const now = await reporter.paying({ subjects: [payer] }, at)
  for (const line of waiting) {
    let before = 0
    for (const part of line.parts) {
      before += part.recipients
      const due = leavesAt(part, before, now, at)
      if (Math.abs(due - part.due) <= WRONG_BY) continue
      const { message, bucket } = part
      await spool.change({ message, bucket, state: 'paced' }, { to: 'paced', due })
    }
  }
}
