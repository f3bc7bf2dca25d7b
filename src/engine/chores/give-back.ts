// Mail that waited for the window as long as mail waits, and returns to its sender.

import { formatDuration } from '../../model/duration.ts'
import type { Engine } from '../../ports/engine.ts'
import type { PacedPart, Spool } from '../../ports/spool.ts'
import type { Reporter } from '../evidence/report.ts'
import { tellSender } from '../intake/internal-mail.ts'

export type GiveBackParts = {
  readonly spool: Pick<Spool, 'list' | 'change' | 'body'>
  readonly engine: Pick<Engine, 'open'>
  readonly reporter: Pick<Reporter, 'note'>
  readonly ourName: string
}

/** The sender hears of it before the message goes: a crash in between tells them twice, never not at all. */
export async function giveBack(
  { spool, engine, reporter, ourName }: GiveBackParts,
  part: PacedPart,
  at: number,
): Promise<void> {
  const { message, bucket, login } = part
  const mine = { message, bucket, state: 'paced' } as const
  const rows = await spool.list(mine)
  const waited = formatDuration(at - part.at)
  const expired = part.expires <= at
  const status = expired ? '5.4.7' : '5.7.1'
  const answer = expired
    ? `waited for its turn for ${waited}, and not sent: its sender sends more unproven mail than goes`
    : `taken for spam, waited for ${waited}, and not sent`
  const told = rows.map(({ recipient }) => ({
    address: recipient,
    action: 'failed' as const,
    status,
    answer,
  }))
  await tellSender(engine, part, told, { ourName, at, spool })
  await spool.change(mine, { to: 'gone' })
  const whose = login === undefined ? {} : { login }
  reporter.note({ kind: 'held-settled', at, message, outcome: 'expired', ...whose })
}
