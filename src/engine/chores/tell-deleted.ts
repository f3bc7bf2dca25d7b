// Held mail is deleted: its sender hears of it by a report, or the operator does, where none can reach them.

import { DAY } from '../../model/duration.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Engine } from '../../ports/engine.ts'
import type { QueueRow, Spool } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { tellSender } from '../intake/internal-mail.ts'
import { type Tellers, tellOnceADay } from '../letters/once-a-day.ts'
import { reportTo } from './report-to.ts'
import type { Recipients } from './room-again.ts'

export type TellDeletedParts = Tellers & {
  readonly engine: Pick<Engine, 'open'>
  readonly spool: Pick<Spool, 'body'>
  readonly subscribers: Pick<Subscribers, 'get' | 'byLogin'>
  readonly ourName: string
}

/** Reports a day to the customer of a line: a bot's thousand would bury those of what a person wrote. */
const OF_A_LINE = 20

export async function tellDeleted(
  parts: TellDeletedParts,
  recipients: Recipients,
  { at, answer }: { readonly at: number; readonly answer: string },
): Promise<void> {
  const [row] = recipients
  if (row.sender === '') return
  const sender = reportTo(parts, row)
  // Of a message that another server keeps, not every recipient has a name here.
  const named = recipients.filter(one => one.recipient !== '')
  if (sender === undefined || named.length === 0 || !(await hasRoom(parts.counters, row, at)))
    return tellOperator(parts, row, { at, answer })
  const reported = named.map(one => ({
    address: one.recipient,
    action: 'failed' as const,
    status: '5.7.1',
    answer,
  }))
  const where = { ourName: parts.ourName, at, spool: parts.spool }
  await tellSender(parts.engine, { ...row, sender, bounceable: true }, reported, where)
}

async function hasRoom(
  counters: Counters,
  { login, subscriber = '' }: QueueRow,
  at: number,
): Promise<boolean> {
  if (login !== undefined) return true
  const key = `told-deleted:${subscriber}`
  const ops = [{ op: 'sum', key, amount: 1, window: DAY, limit: OF_A_LINE }] as const
  const counted = await counters.apply({ at, mode: 'take', ops })
  return 'failed' in counted || counted.taken
}

function tellOperator(
  parts: Tellers,
  { message, login, subscriber, sender }: QueueRow,
  { at, answer }: { readonly at: number; readonly answer: string },
): Promise<void> {
  const line = subscriber === undefined ? `sender ${sender}` : `line ${subscriber}`
  const about = login === undefined ? line : `login ${login}`
  return tellOnceADay(parts, {
    alarm: 'held-deleted',
    about,
    words: `held mail was deleted, and no report of it can reach its sender: message ${message}, ${answer}; cordon events has the others (held-settled, expired)`,
    at,
    of: about,
  })
}
