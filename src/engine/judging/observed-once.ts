// What a rule in observe mode would have refused is told once for a session and rule; how often it came again is told when the session
// has been quiet for a minute, and each minute while it goes on. Otherwise a flood of recipients writes a line for each of them.
// A refusal of a message is told for every message: staff look for it by the message.

import { MINUTE } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'

type JudgedEvent = Omit<EventOf<'judged'>, 'id' | 'seq'>
type Again = { readonly told: JudgedEvent; times: number }
type Session = { since: number; last: number; readonly rules: Map<string, Again> }

/** Sessions at once; of the one that said nothing for the longest time the count is told early. */
const MAX_SESSIONS = 5000

export class ObservedOnce {
  readonly #tell: (event: JudgedEvent) => void
  /** The one that was quiet for the longest time first. */
  readonly #sessions = new Map<string, Session>()

  constructor(tell: (event: JudgedEvent) => void) {
    this.#tell = tell
  }

  take(event: JudgedEvent): void {
    const { session, at, observed, message } = event
    this.sweep(at)
    if (!observed || message !== undefined || session === undefined) return this.#tell(event)
    const one = this.#sessions.get(session) ?? { since: at, last: at, rules: new Map() }
    this.#sessions.delete(session)
    this.#sessions.set(session, one)
    one.last = at
    const key = `${event.rule} ${event.reason} ${event.stage} ${event.verdict}`
    const again = one.rules.get(key)
    if (again) again.times++
    else {
      one.rules.set(key, { told: event, times: 0 })
      this.#tell(event)
    }
    if (at - one.since >= MINUTE) {
      this.#count(one)
      one.since = at
    }
    if (this.#sessions.size > MAX_SESSIONS) this.#end(this.#sessions.entries().next().value)
    return undefined
  }

  /** Tells of sessions that are over, or nearly. */
  sweep(at: number): void {
    // Asked of every step, and most servers observe nothing.
    if (this.#sessions.size === 0) return
    for (const entry of this.#sessions) {
      if (at - entry[1].last < MINUTE) return
      this.#end(entry)
    }
  }

  /** Tells of all that are left. */
  end(): void {
    for (const entry of this.#sessions) this.#end(entry)
  }

  #end(entry: readonly [string, Session] | undefined): void {
    if (!entry) return
    const [name, one] = entry
    this.#sessions.delete(name)
    this.#count(one)
  }

  #count({ last, rules }: Session): void {
    for (const again of rules.values()) {
      if (again.times > 0) this.#tell({ ...again.told, at: last, times: again.times })
      again.times = 0
    }
  }
}
