// By subscriber and state, the decision for which a session was ended last (Disconnect), and which session: the next one of the subscriber has
// that state already. In a file, so that a restart ends nothing once more; without the file a session may be ended once more, and no
// more than that.

import { existsSync } from 'node:fs'
import type { Restriction } from '../../../model/decision.ts'
import { writeWhole } from '../../write-whole.ts'
import { wholeFileNow } from '../../../wire/whole-file.ts'
import { lifeOf, stateOf } from './coa-requests.ts'

/** Beyond it those go first that were ended longest ago. */
const MOST = 20_000
/** ms after which a session that was ended is written down, while others are not answered yet. */
const SAVED_WITHIN = 100

/** `session`: its access server, number and beginning; `at`: when its access server said that it is ended. */
type EndedSession = { readonly decision: string; readonly session: string; readonly at: number }

export class EndedSessions {
  readonly #path: string
  readonly #ended: Map<string, EndedSession>
  #isDirty = false
  #saving: NodeJS.Timeout | undefined

  constructor(path: string) {
    this.#path = path
    this.#ended = read(path)
  }

  /** The session of this subscriber has that state already, from the RADIUS server. */
  isFor({ subscriber, decision = '' }: Restriction, state: string): boolean {
    return this.#ended.get(`${subscriber} ${state}`)?.decision === decision
  }

  /** This very session was ended for its state, as its access server said; `ago`: at least so long ago (ms). */
  hasEnded(entry: Restriction, now: number, ago = 0): boolean {
    const ended = this.#ended.get(`${entry.subscriber} ${stateOf(entry)}`)
    return ended?.session === lifeOf(entry) && now - ended.at >= ago
  }

  /** On disk after the next `save`, and soon without one. */
  add(entry: Restriction, state: string, at: number): void {
    const { subscriber, decision = '' } = entry
    const ended = { decision, session: lifeOf(entry), at }
    const key = `${subscriber} ${state}`
    this.#ended.delete(key)
    this.#ended.set(key, ended)
    const [oldest] = this.#ended.keys()
    if (this.#ended.size > MOST && oldest !== undefined) this.#ended.delete(oldest)
    this.#isDirty = true
    this.#saving ??= setTimeout(() => this.save(), SAVED_WITHIN).unref()
  }

  /** Each session may be ended once more. */
  forgetAll(): void {
    this.#ended.clear()
    this.#isDirty = true
    this.save()
  }

  save(): void {
    clearTimeout(this.#saving)
    this.#saving = undefined
    if (!this.#isDirty) return
    const rows = [...this.#ended].map(([key, { decision, session, at }]) => [
      key,
      decision,
      session,
      String(at),
    ])
    writeWhole(this.#path, JSON.stringify(rows))
    this.#isDirty = false
  }
}

/** Rows of an older Cordon end after the decision: which session it was is not known. */
function read(path: string): Map<string, EndedSession> {
  if (!existsSync(path)) return new Map()
  try {
    const found: unknown = JSON.parse(wholeFileNow(path).bytes.toString('utf8'))
    const isRow = (one: unknown): one is [string, string, string?, string?] =>
      Array.isArray(one) && one.length >= 2 && one.every(part => typeof part === 'string')
    const rows = Array.isArray(found) ? found.filter(isRow) : []
    return new Map(
      rows.map(([key, decision, session = '', at = '0']) => [
        key,
        { decision, session, at: Number(at) },
      ]),
    )
  } catch {
    return new Map()
  }
}
