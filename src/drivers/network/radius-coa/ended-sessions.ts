// By subscriber and state, the decision for which a session was ended last (Disconnect): the next session of the subscriber has that state
// already. In a file, so that a restart ends nothing once more; without the file a session may be ended once more, and no more than that.

import { existsSync } from 'node:fs'
import { writeWhole } from '../../write-whole.ts'
import { wholeFileNow } from '../../../wire/whole-file.ts'

/** Beyond it those go first that were ended longest ago. */
const MOST = 20_000

export class EndedSessions {
  readonly #path: string
  readonly #decisions: Map<string, string>
  #isDirty = false

  constructor(path: string) {
    this.#path = path
    this.#decisions = read(path)
  }

  has(subscriber: string, state: string, decision: string): boolean {
    return this.#decisions.get(`${subscriber} ${state}`) === decision
  }

  /** On disk after the next `save`. */
  add(subscriber: string, state: string, decision: string): void {
    const key = `${subscriber} ${state}`
    this.#decisions.delete(key)
    this.#decisions.set(key, decision)
    const [oldest] = this.#decisions.keys()
    if (this.#decisions.size > MOST && oldest !== undefined) this.#decisions.delete(oldest)
    this.#isDirty = true
  }

  save(): void {
    if (!this.#isDirty) return
    writeWhole(this.#path, JSON.stringify([...this.#decisions]))
    this.#isDirty = false
  }
}

function read(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map()
  try {
    const found: unknown = JSON.parse(wholeFileNow(path).bytes.toString('utf8'))
    const isPair = (one: unknown): one is [string, string] =>
      Array.isArray(one) && one.length === 2 && one.every(part => typeof part === 'string')
    return new Map(Array.isArray(found) ? found.filter(isPair) : [])
  } catch {
    return new Map()
  }
}
