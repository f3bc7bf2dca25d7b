// The window in force: what is unproven of a sender's mail waits in the queue (`paced`) and goes as its tokens come. All that is known of it
// lies in the queue and in the sender's record, so a restart forgets nothing.

import type { Subject } from '../../model/evidence.ts'
import type { EpisodeMode } from '../../model/episode.ts'
import type { EventOf } from '../../model/event.ts'
import type { PacedPart, Spool } from '../../ports/spool.ts'
import { createLanes } from './lanes.ts'
import type { Reporter } from './report.ts'
import { leavesAt } from './window-forecast.ts'
import { type MessagePlace, placeOf } from './window-place.ts'
import { asTokensAllow, type PartToLeave, release, type ReleaseParts } from './window-release.ts'

export type Window = {
  /** What a message waits for, before it is kept; undefined where all of it leaves at once. */
  place(event: Omit<EventOf<'tx-commit'>, 'id' | 'seq'>): Promise<MessagePlace | undefined>
  /** After it was kept and counted: what of its sender may go goes. Resolves with the recipients of the message that wait. */
  admit(message: string, payer: Subject, at: number): Promise<readonly string[]>
  /** Of a message that would wait, and that nothing can hold: it takes what tokens there are, and that it would wait is told. */
  observe(would: PartToLeave): Promise<void>
  /** Looks at senders whose mail waits. */
  look(at: number): Promise<void>
}

export type WindowParts = Omit<
  ReleaseParts,
  'tokens' | 'giveBack' | 'counting' | 'spool' | 'reporter'
> & {
  /** `evidence.episodes`, auto by default, auto, off, shadow, pace or decide; with off and shadow all mail leaves at once. */
  readonly mode: EpisodeMode
  readonly spool: Pick<Spool, 'paced' | 'payers' | 'change' | 'list'>
  readonly reporter: Pick<Reporter, 'paying' | 'tellEpisodes' | 'note'>
  readonly giveBack: (part: PacedPart, at: number) => Promise<void>
  readonly trouble: (error: unknown, about: string) => void
}

/** Senders looked at in one run; the others have their turn in the next. */
const PER_RUN = 200

export function createWindow(parts: WindowParts): Window {
  const { mode, spool, counters, secret, cases, reporter, giveBack, trouble } = parts
  const tokens = createLanes()
  /** Of one sender only one look lets go at a time. */
  const senders = createLanes()
  let last: Subject | undefined
  const inTurn = (payer: Subject, work: () => Promise<void>) =>
    senders.run({ subjects: [payer], urgent: true }, work)
  const letsGo = { spool, counters, secret, cases, reporter, tokens }

  return {
    place: async event => {
      if (mode !== 'pace') return undefined
      try {
        return await placeOf(parts.reporter, event)
      } catch (error) {
        // As of limits: what cannot be counted holds up nothing.
        trouble(error, 'the window')
        return undefined
      }
    },
    admit: async (message, payer, at) => {
      let waits: readonly string[] = []
      await inTurn(payer, async () => {
        await release({ ...letsGo, counting: message }, payer, at)
        waits = await tellWaiting(parts, message, { payer, at })
      })
      return waits
    },
    observe: async would => {
      try {
        await observe({ reporter, tokens }, would)
      } catch (error) {
        trouble(error, 'the window')
      }
    },
    look: async at => {
      // What waited when it was turned off goes.
      if (mode === 'off')
        return void (await spool.change({ state: 'paced' }, { to: 'queued', due: at }))
      const all = await spool.payers()
      const [before, behind] = [
        all.filter(one => one <= (last ?? '')),
        all.filter(one => one > (last ?? '')),
      ]
      for (const payer of [...behind, ...before].slice(0, PER_RUN)) {
        last = payer
        const work = () => release({ ...letsGo, giveBack }, payer, at)
        await inTurn(payer, work).catch(error => trouble(error, 'the window'))
      }
    },
  }
}

async function observe(
  parts: Pick<ReleaseParts, 'tokens'> & Pick<WindowParts, 'reporter'>,
  would: PartToLeave,
): Promise<void> {
  const { payer, message, bucket, at } = would
  const line = { messages: 1, recipients: would.recipients }
  const said = await asTokensAllow(parts, would, { line, at })
  const recipients = would.recipients - (said.what === 'leaves' ? said.units : 0)
  if (recipients === 0) return
  const now = await parts.reporter.paying({ subjects: [payer] }, at)
  const until = leavesAt({ bucket, at }, recipients, now, at)
  const told = { subject: payer, message, bucket, recipients, until } as const
  parts.reporter.note({ kind: 'mail-paced', at, ...told, shadow: true })
}

/** Which recipients of a message wait; how many, and until when, is told and stands in the queue. */
async function tellWaiting(
  { spool, reporter }: WindowParts,
  message: string,
  { payer, at }: { readonly payer: Subject; readonly at: number },
): Promise<readonly string[]> {
  const rows = await spool.list({ message, state: 'paced' })
  if (rows.length === 0) return []
  const heads = await spool.paced(payer, 1)
  const now = await reporter.paying({ subjects: [payer] }, at)
  for (const [bucket = 'new', mine] of Map.groupBy(rows, row => row.bucket)) {
    const [head] = heads.filter(one => one.bucket === bucket)
    if (!head) continue
    // It is the last of its bucket; what is judged spam returns after its own time.
    const { at: since = at } = mine[0] ?? {}
    const until = leavesAt({ bucket, at: since }, head.recipientsWaiting, now, at)
    await spool.change({ message, bucket, state: 'paced' }, { to: 'paced', due: until })
    const recipients = mine.reduce((sum, row) => sum + (row.recipients ?? 1), 0)
    reporter.note({ kind: 'mail-paced', at, subject: payer, message, bucket, recipients, until })
  }
  return rows.map(({ recipient }) => recipient)
}
