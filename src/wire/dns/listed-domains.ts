// Listed domains and what is below each. RFC 5782 §2.2 and §5: a domain is asked for as it is written, TEST is listed and INVALID is not.

import type { Query } from './query.ts'

/** RFC 5782 §5. */
const TEST = 'test'

export class ListedDomains {
  #listed: ReadonlySet<string> = new Set([TEST])
  /** Names that a listed one ends with. */
  #above: ReadonlySet<string> = new Set()

  replace(domains: readonly string[]): void {
    this.#listed = new Set([TEST, ...domains])
    this.#above = new Set(domains.flatMap(parentsOf))
  }

  /** The listed domain that the first `count` labels are, or are below; `below`: something below them is listed. */
  find({ labels }: Pick<Query, 'labels'>, asked: Uint8Array, count: number): string | undefined {
    let name = ''
    let found: string | undefined
    for (let i = count - 1; i >= 0; i--) {
      const at = labels[i] ?? 0
      let label = ''
      for (let j = 1; j <= (asked[at] ?? 0); j++) label += String.fromCharCode(asked[at + j] ?? 0)
      // A dot in a label is no dot between labels.
      if (label.includes('.')) return undefined
      name = name === '' ? label.toLowerCase() : `${label.toLowerCase()}.${name}`
      if (this.#listed.has(name)) found ??= name
    }
    return found ?? (this.#above.has(name) ? 'below' : undefined)
  }
}

function parentsOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(1).map((_, i) => labels.slice(i + 1).join('.'))
}
