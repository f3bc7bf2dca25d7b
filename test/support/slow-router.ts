// A Linux router whose nft takes its time: the sets of the table as the kernel would hold them, and calls that wait until the test lets
// one go on. A call can fail before the kernel has done it, or after (the connection to the router broke): the caller cannot tell.

import type { Nft } from '../../src/drivers/network/nftables/nftables.ts'

type Element = { readonly comment: string; readonly until?: number }
type Call = { readonly go: (fails?: 'before' | 'after') => void }

export class SlowRouter {
  /** Set, then key. */
  readonly sets = new Map<string, Map<string, Element>>()
  readonly calls: Call[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  readonly nft: Nft = (args, script) =>
    new Promise((resolve, reject) =>
      this.calls.push({
        go: fails => {
          if (fails === 'before') return reject(new Error('away'))
          const answer = args.includes('list') ? this.#listing() : this.#load(script)
          return fails ? reject(new Error('the connection broke')) : resolve(answer)
        },
      }),
    )

  /** What another program says: everything out of the sets. */
  flush(): void {
    this.sets.clear()
  }

  holds(set: string, address: string): boolean {
    const found = this.sets.get(set)?.get(address)
    return found !== undefined && (found.until === undefined || found.until > this.#now())
  }

  #load(script: string): string {
    for (const line of script.split('\n')) {
      const [, verb, set = '', all = ''] =
        /^(add|delete) element inet cordon (\S+) \{ (.*) \}$/.exec(line) ?? []
      const mine = this.sets.get(set) ?? new Map<string, Element>()
      this.sets.set(set, mine)
      for (const one of verb === undefined ? [] : all.split(', ')) {
        const [, key = '', seconds, comment = ''] =
          /^(\S+(?: \. \S+)?)(?: timeout (\d+)s)?(?: comment "(.*)")?$/.exec(one) ?? []
        const until = seconds === undefined ? {} : { until: this.#now() + Number(seconds) * 1000 }
        if (verb === 'delete') mine.delete(key)
        else if (!mine.has(key)) mine.set(key, { comment, ...until })
      }
    }
    return ''
  }

  #listing(): string {
    const nftables = [...this.sets].map(([name, all]) => ({
      set: {
        name,
        elem: [...all].map(([val, { comment, until }]) => ({
          elem: {
            val: val.includes(' . ') ? { concat: val.split(' . ') } : val,
            comment,
            ...(until === undefined ? {} : { expires: (until - this.#now()) / 1000 }),
          },
        })),
      },
    }))
    return JSON.stringify({ nftables })
  }
}
