// What another server holds and what lies in our own queue is one line for the window of its sender, in the order in which it came.

import type { Subject } from '../../../model/evidence.ts'
import type { PacedPart } from '../../../ports/spool.ts'
import { compared, type HeldRecord, type WindowThere } from './held-record.ts'

type PacedRecord = HeldRecord & { readonly window: WindowThere }

const isPaced = (one: HeldRecord): one is PacedRecord => one.paced === true && !!one.window

export const payersThere = (records: Iterable<HeldRecord>): readonly Subject[] =>
  [...new Set([...records].filter(isPaced).map(({ window }) => window.payer))].toSorted(compared)

/** As `Spool.paced`. */
export function pacedThere(
  records: Iterable<HeldRecord>,
  payer: Subject,
  most: number,
): readonly PacedPart[] {
  const mine = [...records].filter(isPaced).filter(({ window }) => window.payer === payer)
  const lines = Map.groupBy(mine, ({ window }) => window.bucket).values()
  return [...lines].flatMap(line => partsIn(line.toSorted(asItCame), most))
}

const asItCame = (one: HeldRecord, other: HeldRecord) =>
  one.at - other.at || compared(one.id, other.id)

function partsIn(line: readonly PacedRecord[], most: number): readonly PacedPart[] {
  const recipientsWaiting = line.reduce((sum, { window }) => sum + window.units, 0)
  let recipientsBefore = 0
  return line.slice(0, most).map(({ id, window, ...one }) => {
    const { message, at, sender, login, subscriber, subject, expires, nats, due, facts } = one
    const { payer, bucket, units: recipients } = window
    const whose = {
      ...(login === undefined ? {} : { login }),
      ...(subscriber === undefined ? {} : { subscriber }),
    }
    const about = { message, at, sender, ...whose, subject, expires, nats, due }
    const all = { messagesWaiting: line.length, recipientsWaiting, recipientsBefore }
    recipientsBefore += recipients
    return {
      ...about,
      ...(facts ? { facts } : {}),
      ...all,
      payer,
      bucket,
      recipients,
      bounceable: true,
      keptAs: id,
    }
  })
}

/** Both of one sender, each with `most` of a bucket at most; and so many are left of both. */
export function inOneLine(
  ours: readonly PacedPart[],
  theirs: readonly PacedPart[],
  most: number,
): readonly PacedPart[] {
  if (ours.length === 0 || theirs.length === 0) return [...ours, ...theirs]
  return [...Map.groupBy([...ours, ...theirs], ({ bucket }) => bucket).values()].flatMap(line => {
    const heads = [
      line.find(one => one.keptAs === undefined),
      line.find(one => one.keptAs !== undefined),
    ]
    const sumOf = (what: 'messagesWaiting' | 'recipientsWaiting') =>
      heads.reduce((sum, head) => sum + (head?.[what] ?? 0), 0)
    const all = {
      messagesWaiting: sumOf('messagesWaiting'),
      recipientsWaiting: sumOf('recipientsWaiting'),
    }
    let recipientsBefore = 0
    return line
      .toSorted((one, other) => one.at - other.at)
      .slice(0, most)
      .map(part => {
        const placed = { ...part, ...all, recipientsBefore }
        recipientsBefore += part.recipients
        return placed
      })
  })
}
