// Mail that waited for the window as long as mail waits, and returns to its sender.

import { formatDuration } from '../../model/duration.ts'
import type { Engine } from '../../ports/engine.ts'
import type { PacedPart, QueueRow, Spool } from '../../ports/spool.ts'
import type { Reporter } from '../evidence/report.ts'
import { PACED } from '../../model/held-for.ts'
import { tellSender } from '../intake/internal-mail.ts'
import { tellDeleted, type TellDeletedParts } from './tell-deleted.ts'

export type GiveBackParts = TellDeletedParts & {
  /** Our queue, and what other servers hold for us. */
  readonly spool: Pick<Spool, 'list' | 'change' | 'body'>
  readonly engine: Pick<Engine, 'open'>
  readonly reporter: Pick<Reporter, 'note'>
  readonly ourName: string
}

/** The sender hears of it before the message goes: a crash in between tells them twice, never not at all. */
export async function giveBack(parts: GiveBackParts, part: PacedPart, at: number): Promise<void> {
  const { spool, engine, reporter, ourName } = parts
  const { message, bucket, login, keptAs } = part
  const mine = { message, bucket, state: 'paced' } as const
  const rows = await spool.list(mine)
  const waited = formatDuration(at - part.at)
  const expired = part.expires <= at
  const status = expired ? '5.4.7' : '5.7.1'
  const answer = expired
    ? `waited for its turn for ${waited}, and not sent: its sender sends more unproven mail than goes`
    : `taken for spam, waited for ${waited}, and not sent`
  if (keptAs !== undefined) return giveBackThere(parts, rows, { at, answer })
  const told = rows.map(({ recipient: address }) => ({
    address,
    action: 'failed' as const,
    status,
    answer,
  }))
  await tellSender(engine, part, told, { ourName, at, spool })
  await spool.change(mine, { to: 'gone' })
  const whose = login === undefined ? {} : { login }
  reporter.note({ kind: 'held-settled', at, message, outcome: 'expired', ...whose })
}

/** That it was told is kept, and the second look deletes it: that server may be away. */
async function giveBackThere(
  parts: GiveBackParts,
  [row]: readonly QueueRow[],
  { at, answer }: { readonly at: number; readonly answer: string },
): Promise<void> {
  if (!row) return
  const { message } = row
  await tellDeleted(parts, [row], { at, answer })
  const told = { to: 'held', due: at, why: PACED, told: true } as const
  await parts.spool.change({ message, state: 'paced' }, told)
}
