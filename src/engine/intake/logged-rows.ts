// Messages of other mail servers that were counted, by a door or by that server's log: what becomes of them is told by the log later, also after a
// restart. Kept for some days, and only where a log is read.

import type { HeardMail } from '../../model/heard-mail.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import { isLongQueueId } from '../../model/long-queue-id.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { Message } from './examine.ts'
import type { Records } from '../../ports/records.ts'

export type LoggedRow = {
  /** As that server calls it. */
  readonly id: string
  /** When it was handed in. */
  readonly at: number
  /** As it is called here. */
  readonly message: string
  readonly login?: string
  /** From the null sender. */
  readonly bounce?: true
  readonly recipients: number
  readonly facts: MessageFacts
  /** Keyed hashes of the recipients of which it was told what became of them. */
  readonly told: readonly string[]
}

/** Postfix gives up after five days. */
const KEPT = 6 * DAY
/** What all is told of is remembered for so long, because the lines of it may be read again. */
const KEPT_TOLD = HOUR
/** Messages under one short name are one within this time. */
const SAME_WITHIN = HOUR
/** Rows, of about half a KB each. */
const MOST = 50_000
/** Rows that are added between two clean-ups. */
const CLEANED_EVERY = 500

export class LoggedRows {
  readonly #records: Records<LoggedRow>
  #added = 0
  #writing = new Set<Promise<unknown>>()

  constructor(records: Records<LoggedRow>) {
    this.#records = records
  }

  /** A short name is used again for other mail. */
  get({ id, at }: { readonly id: string; readonly at: number }): LoggedRow | undefined {
    const found = this.#records.get(id)
    if (!found || isUnique(id)) return found
    return Math.abs(at - found.at) < SAME_WITHIN ? found : undefined
  }

  /** Also of a message of days ago, as long as no other has its name. */
  latest(id: string): LoggedRow | undefined {
    return this.#records.get(id)
  }

  /** In force at once. */
  put(row: LoggedRow): void {
    this.#write(this.#records.change(row.id, () => row))
    this.#added++
    if (this.#added % CLEANED_EVERY === 0) this.#clean(row.at)
  }

  tell(row: LoggedRow, keys: readonly string[]): void {
    if (keys.length === 0) return
    this.#write(
      this.#records.change(
        row.id,
        now => now && { ...now, told: [...new Set([...now.told, ...keys])] },
      ),
    )
  }

  /** Resolves when all of it is on disk; rejects when something could not be written. */
  async written(): Promise<void> {
    await Promise.all(this.#writing)
  }

  #write(change: Promise<unknown>): void {
    const writing = change.finally(() => this.#writing.delete(writing))
    this.#writing.add(writing)
    // `written` tells of it.
    writing.catch(() => undefined)
  }

  #clean(now: number): void {
    const all = [...this.#records.all()].toSorted((a, b) => a.at - b.at)
    const tooMany = all.length - MOST
    for (const [i, one] of all.entries()) {
      const lasts = one.told.length >= one.recipients ? KEPT_TOLD : KEPT
      if (i < tooMany || now - one.at > lasts)
        this.#write(this.#records.change(one.id, () => 'gone'))
    }
  }
}

/** A door was asked about the message, and its server keeps it. */
export function noteAsked(rows: LoggedRows | undefined, { tx, id, facts, step }: Message): void {
  if (!rows || tx.keptAs === undefined) return
  const { keptAs, at, login, sender } = tx
  const recipients = step.recipientCount ?? tx.recipients.length
  rows.put(rowOf({ id: keptAs, at, login, sender, recipientCount: recipients }, id, facts))
}

type RowMail = Pick<HeardMail, 'id' | 'at' | 'sender' | 'recipientCount'> & {
  readonly login?: string | undefined
}

export const rowOf = (
  { id, at, login, sender, recipientCount }: RowMail,
  message: string,
  facts: LoggedRow['facts'],
): LoggedRow => ({
  id,
  at,
  message,
  recipients: recipientCount,
  facts,
  told: [],
  ...(login === undefined ? {} : { login }),
  ...(sender === '' ? { bounce: true as const } : {}),
})

/** Exim's have hyphens and never come again. */
const isUnique = (id: string): boolean => isLongQueueId(id) || id.includes('-')
