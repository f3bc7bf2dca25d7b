// The queue of record in SQLite: what the statements are. Synchronous and single-threaded; its caller (a writer
// worker, a reader worker, or a test directly) decides about threads and commits.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { PACED } from '../../model/held-for.ts'
import {
  type Claim,
  ONCE_KEPT,
  type PacedPart,
  type QueueChange,
  type QueueFilter,
  type QueueRow,
  type QueueTotal,
  type Settlement,
  type SpooledMessage,
} from '../../ports/spool.ts'
import type { Subject } from '../../model/evidence.ts'
import { PACED_PARTS, PAYERS } from './paced-parts.ts'
import { migrate, touch } from './schema.ts'
import {
  messageOf,
  pacedPart,
  queueRow,
  recipientOf,
  type SpoolRow,
  stateOf,
} from './spool-rows.ts'
import type { Look } from './whole-body.ts'

export type Stored = {
  readonly message: SpooledMessage
  readonly size: number
  readonly body?: Uint8Array
  readonly file?: string
  /** CRC-32 of a file. */
  readonly sum?: number
}

export type Damaged = { readonly message: string; readonly recipient: number; readonly why: string }
export type Due = { readonly claims: readonly Claim[]; readonly damaged: readonly Damaged[] }

/** Either in the row or in a file of `size` bytes. */
export type StoredBody = {
  readonly headers: string
  readonly size: number
  readonly body?: Uint8Array
  readonly file?: string
}

/** No LIMIT (SQLite). */
const EVERY_ROW = -1

const DUE = `SELECT r.id AS recipient, r.address, r.attempts, r.esmtp AS mine, r.warned, m.id, m.at, m.sender, m.login, m.subscriber, m.expires, m.nats,
       m.bounceable, m.size, m.subject, m.facts, m.headers, m.esmtp, m.file, m.sum
FROM recipient r JOIN message m ON m.id = r.message
WHERE r.state = 'queued' AND r.due <= ?`

export class SpoolStore {
  readonly database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.database = database
    migrate(database)
  }

  /** Returns the body files that no row needs: its own, where it was taken before. */
  add({ message, size, body, file, sum }: Stored): string[] {
    if (message.once !== undefined && !this.#isFirst(message.once, message.at))
      return file === undefined ? [] : [file]
    this.#run(
      `INSERT INTO message (id, at, sender, login, subscriber, expires, nats, bounceable, size, subject, facts, headers, esmtp, file, body, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      message.message,
      message.at,
      message.sender,
      message.login ?? null,
      message.subscriber ?? null,
      message.expires,
      message.nats,
      message.bounceable ? 1 : 0,
      size,
      message.subject,
      jsonOrNull(message.facts),
      message.headers,
      jsonOrNull(message.esmtp),
      file ?? null,
      body ?? null,
      sum ?? null,
    )
    for (const { address, state, due, why, esmtp, window } of message.recipients) {
      this.#run(
        'INSERT INTO recipient (message, address, state, due, why, esmtp, payer, bucket) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        message.message,
        address,
        state,
        due,
        why ?? null,
        jsonOrNull(esmtp),
        window?.payer ?? null,
        window?.bucket ?? null,
      )
    }
    return []
  }

  #isFirst(name: string, at: number): boolean {
    this.#run('DELETE FROM once WHERE at < ?', at - ONCE_KEPT)
    const sql = 'INSERT OR IGNORE INTO once (name, at) VALUES (?, ?)'
    return Number(this.#statement(sql).run(name, at).changes) > 0
  }

  /** Marks deliveries. Returns the body files that no row needs any more. With none it still writes: whether that can be done is asked. */
  settle(results: readonly Settlement[]): string[] {
    if (results.length === 0) touch(this.database)
    const touched = new Set<string>()
    for (const result of results) {
      const row = this.#get('SELECT message FROM recipient WHERE id = ?', result.recipient)
      if (!row) continue
      if (result.outcome === 'retry') {
        this.#run(
          'UPDATE recipient SET due = ?, attempts = attempts + 1, why = ?, warned = max(warned, ?) WHERE id = ?',
          result.nextAttempt ?? 0,
          result.answer ?? null,
          result.warned ? 1 : 0,
          result.recipient,
        )
      } else if (result.outcome === 'later') {
        this.#run(
          'UPDATE recipient SET due = ?, why = coalesce(?, why) WHERE id = ?',
          result.nextAttempt ?? 0,
          result.answer ?? null,
          result.recipient,
        )
      } else {
        this.#run('DELETE FROM recipient WHERE id = ?', result.recipient)
        touched.add(String(row['message']))
      }
    }
    return this.#dropFinished(touched)
  }

  change(filter: QueueFilter, change: QueueChange): { rows: QueueRow[]; files: string[] } {
    const { where, values } = this.#selected(filter)
    const rows = this.#rows(where, [...values, EVERY_ROW])
    const ids = `SELECT r.id FROM recipient r JOIN message m ON m.id = r.message WHERE ${where}`
    if (change.to === 'gone') {
      this.#run(`DELETE FROM recipient WHERE id IN (${ids})`, ...values)
      return { rows, files: this.#dropFinished(new Set(rows.map(row => row.message))) }
    }
    const why = change.to === 'held' ? change.why : change.to === 'paced' ? PACED : null
    const isPaced = change.to === 'queued' && change.byWindow ? 'bucket IS NOT NULL' : '0'
    if (change.to === 'queued' && change.header)
      for (const id of new Set(rows.map(row => row.message)))
        this.#run('UPDATE message SET headers = ? || headers WHERE id = ?', change.header, id)
    this.#run(
      `UPDATE recipient SET state = iif(${isPaced}, 'paced', ?), due = ?, why = iif(${isPaced}, '${PACED}', ?) WHERE id IN (${ids})`,
      change.to,
      change.due,
      why,
      ...values,
    )
    return { rows, files: [] }
  }

  flush(at: number, after: number): number {
    return Number(
      this.#statement("UPDATE recipient SET due = ? WHERE state = 'queued' AND due > ?").run(
        at,
        after,
      ).changes,
    )
  }

  /**
   * Recipients that are due, oldest first, grouped by message. `busy` are lent already. At most `max`, and all others of their
   * messages: of two parts of one each would bring a mailbox a copy. What cannot be read is `damaged`, and keeps no other mail waiting.
   */
  due(at: number, max: number, busy: ReadonlyMap<number, number>, look?: Look): Due {
    const isFree = (row: SpoolRow) => !busy.has(Number(row['recipient']))
    const found = this.#all(`${DUE} ORDER BY r.due LIMIT ?`, at, max + busy.size)
    const rows = found.filter(isFree).slice(0, max)
    if (found.length < max + busy.size) return claimsOf(rows, look)
    const messages = JSON.stringify([...new Set(rows.map(row => String(row['id'])))])
    const whole = `${DUE} AND m.id IN (SELECT value FROM json_each(?)) ORDER BY r.due`
    return claimsOf(this.#all(whole, at, messages).filter(isFree), look)
  }

  /** When the next recipient that is not busy becomes due. */
  nextDue(after: number): number | undefined {
    const row = this.#get(
      `SELECT min(due) AS due FROM recipient WHERE state = 'queued' AND due > ?`,
      after,
    )
    return typeof row?.['due'] === 'number' ? row['due'] : undefined
  }

  body(message: string): StoredBody | undefined {
    const row = this.#get('SELECT headers, size, file, body FROM message WHERE id = ?', message)
    if (!row) return undefined
    const headers = String(row['headers'])
    const size = Number(row['size'])
    if (row['file'] !== null) return { headers, size, file: String(row['file']) }
    return { headers, size, body: row['body'] as unknown as Uint8Array }
  }

  list(filter: QueueFilter): QueueRow[] {
    const { where, values } = condition(filter)
    const { after, limit = 1000 } = filter
    const behind = after ? ' AND (r.due, m.id, r.address) > (?, ?, ?)' : ''
    const place = after ? [after.due, after.message, after.recipient] : []
    return this.#rows(`${where}${behind}`, [...values, ...place, limit])
  }

  /** `values`: those of `where`, and how many rows at most. */
  #rows(where: string, values: readonly SQLInputValue[]): QueueRow[] {
    return this.#all(
      `SELECT m.id, r.address, r.state, r.due, r.attempts, r.why, r.bucket, r.payer, m.sender, m.subject, m.login, m.subscriber, m.at, m.nats, m.expires,
              CASE WHEN json_valid(m.facts) THEN m.facts ->> '$.content' = 'clean' AND m.facts ->> '$.signsOnly' IS NULL END AS clean,
              CASE WHEN json_valid(m.facts) THEN m.facts ->> '$.content' = 'spam' END AS spam,
              CASE WHEN json_valid(m.facts) THEN m.facts ->> '$.answer' = 'led' END AS led
       FROM recipient r JOIN message m ON m.id = r.message WHERE ${where} ORDER BY r.due, m.id, r.address LIMIT ?`,
      ...values,
    ).map(queueRow)
  }

  #selected(filter: QueueFilter): { readonly where: string; readonly values: SQLInputValue[] } {
    const { where, values } = condition(filter)
    if (filter.first === undefined) return { where, values }
    const ids = this.#all(
      `SELECT r.id FROM recipient r JOIN message m ON m.id = r.message WHERE ${where} ORDER BY r.id LIMIT ?`,
      ...values,
      filter.first,
    ).map(row => row['id'])
    return { where: 'r.id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(ids)] }
  }

  paced(payer: Subject, most: number): PacedPart[] {
    return this.#all(PACED_PARTS, payer, most).map(pacedPart)
  }

  payers(): Subject[] {
    return this.#all(PAYERS).map(row => String(row['payer']) as Subject)
  }

  totals(): QueueTotal[] {
    return this.#all(
      'SELECT r.state, count(*) AS recipients, min(m.at) AS since FROM recipient r JOIN message m ON m.id = r.message GROUP BY r.state',
    ).map(row => ({
      state: stateOf(row),
      recipients: Number(row['recipients']),
      since: Number(row['since']),
    }))
  }

  /** Body files that some message still needs. */
  files(): Set<string> {
    return new Set(
      this.#all('SELECT file FROM message WHERE file IS NOT NULL').map(row => String(row['file'])),
    )
  }

  #dropFinished(messages: ReadonlySet<string>): string[] {
    const files: string[] = []
    for (const id of messages) {
      if (this.#get('SELECT 1 FROM recipient WHERE message = ? LIMIT 1', id)) continue
      const row = this.#get('SELECT file FROM message WHERE id = ?', id)
      if (typeof row?.['file'] === 'string') files.push(row['file'])
      this.#run('DELETE FROM message WHERE id = ?', id)
    }
    return files
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values)
  }

  #get(sql: string, ...values: SQLInputValue[]): SpoolRow | undefined {
    return this.#statement(sql).get(...values) as SpoolRow | undefined
  }

  #all(sql: string, ...values: SQLInputValue[]): SpoolRow[] {
    return this.#statement(sql).all(...values) as SpoolRow[]
  }
}

const jsonOrNull = (value: object | undefined) =>
  value === undefined || Object.keys(value).length === 0 ? null : JSON.stringify(value)

function condition(filter: QueueFilter): { where: string; values: SQLInputValue[] } {
  const terms: [string, SQLInputValue][] = []
  if (filter.message !== undefined) terms.push(['m.id = ?', filter.message])
  if (filter.login !== undefined) terms.push(['m.login = ?', filter.login])
  if (filter.subscriber !== undefined) terms.push(['m.subscriber = ?', filter.subscriber])
  if (typeof filter.state === 'string') terms.push(['r.state = ?', filter.state])
  else if (filter.state !== undefined)
    terms.push(['r.state IN (SELECT value FROM json_each(?))', JSON.stringify(filter.state)])
  if (filter.bucket !== undefined) terms.push(['r.bucket = ?', filter.bucket])
  if (filter.dueBefore !== undefined) terms.push(['r.due <= ?', filter.dueBefore])
  if (filter.minNats !== undefined) terms.push(['m.nats >= ?', filter.minNats])
  if (filter.forEvidence) terms.push(["r.why || ':' LIKE ?", 'evidence:%'])
  return {
    where: terms.map(([term]) => term).join(' AND ') || '1',
    values: terms.map(([, value]) => value),
  }
}

/** Whether it can go now. Throws when its body is in a file that is not what was written. */
function isWhole({ file, size, sum }: SpoolRow, look: Look): boolean {
  if (typeof file !== 'string') return true
  const found = look({ file, size: Number(size), sum: sum === null ? null : Number(sum) })
  if (typeof found === 'object') throw new Error(found.wrong)
  return found === 'whole'
}

function claimsOf(rows: readonly SpoolRow[], look: Look | undefined): Due {
  const claims = new Map<string, Claim & { recipients: Claim['recipients'][number][] }>()
  const damaged: Damaged[] = []
  const left = new Set<string>()
  for (const row of rows) {
    const id = String(row['id'])
    try {
      if (left.has(id)) continue
      if (look && !claims.has(id) && !isWhole(row, look)) {
        left.add(id)
        continue
      }
      const claim = claims.get(id) ?? { ...messageOf(row), recipients: [] }
      claim.recipients.push(recipientOf(row))
      claims.set(id, claim)
    } catch (error) {
      damaged.push({
        message: id,
        recipient: Number(row['recipient']),
        why: `damaged in the queue: ${error instanceof Error ? error.message : String(error)}`,
      })
    }
  }
  return { claims: [...claims.values()], damaged }
}
