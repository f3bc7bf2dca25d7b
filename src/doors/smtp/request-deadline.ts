// How long one request of a client may take to come: a command five minutes (RFC 5321 §4.5.3.2.7), a message as long as it comes at
// MIN_RATE. Bytes that trickle in keep nothing open. Only the time in which we wait for the client counts, not our own work. The same as
// Postfix with smtpd_per_request_deadline=yes, smtpd_timeout=300s and smtpd_min_data_rate=500.

import { MINUTE, SECOND } from '../../model/duration.ts'

/** In ms. */
const PATIENCE = 5 * MINUTE
/** Of a message, in bytes a second. */
const MIN_RATE = 500

export type DeadlineParts = {
  readonly late: () => void
  /** Milliseconds of a clock that never jumps. */
  readonly steady: () => number
}

export class RequestDeadline {
  readonly #parts: DeadlineParts
  #left = PATIENCE
  /** Since when we wait for the client; undefined while it waits for us. */
  #since: number | undefined
  #timer: NodeJS.Timeout

  constructor(parts: DeadlineParts) {
    this.#parts = parts
    this.#timer = setTimeout(() => this.#look(), PATIENCE)
  }

  /** The request before is answered: this is another one. */
  begin(): void {
    this.#left = PATIENCE
  }

  /** Begins to wait: there is nothing to do before the client says or reads something. */
  wait(): void {
    this.#since ??= this.#parts.steady()
  }

  /** The client did. `ofMessage`: how many of its bytes are of a message that is being read. */
  heard(ofMessage: number): void {
    if (this.#since !== undefined) this.#left -= this.#parts.steady() - this.#since
    this.#since = undefined
    this.#left = Math.min(PATIENCE, this.#left + (ofMessage / MIN_RATE) * SECOND)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** One timer for each connection, not for each request: it looks again at the time at which the request may be late. */
  #look(): void {
    const since = this.#since
    const left = since === undefined ? PATIENCE : this.#left - (this.#parts.steady() - since)
    if (left <= 0) this.#parts.late()
    else this.#timer = setTimeout(() => this.#look(), Math.ceil(left))
  }
}
