// Rogue domains for the list: those that the operator names, and for a week those whose own SPF record let too many hosts send for them.
// Swarms of subdomains are refused here and published nowhere: a stranger may write under any name of a domain that is innocent.

import { BoundedMap } from '../../model/bounded-map.ts'
import { DAY } from '../../model/duration.ts'
import type { Event } from '../../model/event.ts'

export type RogueSettings = {
  /** `list.domains`, nothing by default. */
  readonly domains: readonly string[]
  /** More IPv4 addresses in an SPF record are too many: `strangers.rogueDomain.widest`, 16,777,216 by default, 1 to 4,294,967,296. */
  readonly widest: () => number
}

const KEPT = 7 * DAY
/** When there are more, those that were found first are not published any more. */
const MOST = 10_000

export class RogueDomains {
  readonly #settings: RogueSettings
  readonly #until = new BoundedMap<string, number>(MOST)

  constructor(settings: RogueSettings) {
    this.#settings = settings
  }

  /** Whether there is one more now. */
  hear(event: Event): boolean {
    if (event.kind !== 'step-judged' || event.rule !== 'rogue-domain') return false
    if (event.verdict !== 'reject') return false
    let isNew = false
    for (const { question, answer } of event.asked ?? []) {
      if (question.about !== 'spf-breadth' || answer.about !== 'spf-breadth') continue
      if ('failed' in answer || answer.value <= this.#settings.widest()) continue
      const domain = question.domain.toLowerCase()
      isNew ||= !this.#until.has(domain)
      this.#until.set(domain, event.at + KEPT)
    }
    return isNew
  }

  now(at: number): readonly string[] {
    const found = [...this.#until.entries()].filter(([, until]) => until > at)
    return [...new Set([...this.#settings.domains, ...found.map(([domain]) => domain)])]
  }

  /** Whether some are over. */
  sweep(at: number): boolean {
    const over = [...this.#until.entries()].filter(([, until]) => until <= at)
    for (const [domain] of over) this.#until.delete(domain)
    return over.length > 0
  }
}
