// What is remembered of messages that are on their way, by their `instance`: RCPT and END-OF-MESSAGE of one message come over different
// connections where Postfix closes an idle one (smtpd_policy_service_max_idle) or begins a new process.
//
// Bounded by time and by room. A message that is forgotten before its end is judged at END-OF-MESSAGE as if nothing had been asked of it
// before: it counts all the same, by the number of its recipients.

import { HOUR } from '../../model/duration.ts'
import { Generations } from '../../wire/generations.ts'
import type { Memory } from './session.ts'

/** After the last question. A client may be slow: Postfix waits five minutes for each of its commands and lines (smtpd_timeout). */
const KEPT = HOUR
/** Characters of all that is remembered: about 32 MB. */
const MOST = 16 * 1024 * 1024
/** What an entry needs beside its texts, in characters. */
const ENTRY = 200

export class Instances {
  readonly #entries: Generations<Memory>

  constructor(most = MOST) {
    this.#entries = new Generations({ most, keep: KEPT })
  }

  get size(): number {
    return this.#entries.size
  }

  get(instance: string, at: number): Memory | undefined {
    return this.#entries.get(instance, at)
  }

  put(memory: Memory, at: number): void {
    const { instance } = memory
    if (instance === '') return
    this.#entries.put(instance, { value: memory, weight: this.#weightOf(memory, at), at })
  }

  /** Recipients are added at the end, one by one, or dropped together: only what was added is looked at. */
  #weightOf({ instance, sender, recipients }: Memory, at: number): number {
    // Most messages have one recipient.
    const before = recipients.length > 1 ? this.#entries.get(instance, at) : undefined
    const grows = before !== undefined && before.recipients[0] === recipients[0]
    const known = grows ? Math.min(before.recipients.length, recipients.length) : 0
    let weight =
      known > 0 ? this.#entries.weightOf(instance) : ENTRY + instance.length + sender.length
    for (let i = known; i < recipients.length; i++) weight += (recipients[i] as string).length
    return weight
  }
}
