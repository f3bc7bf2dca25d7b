// What accounting is dropped, and of whom, in words for the operator; and access servers with one address that several clients tell of.

import { formatDuration, MINUTE } from '../../model/duration.ts'
import { DroppedTellers } from '../../wire/dropped-tellers.ts'
import type { Worry } from '../../wire/sensor.ts'

export class RefusedAccounting {
  readonly #dropped = new DroppedTellers()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  unknownClient(from: string): void {
    this.#note({
      what: 'unknown client',
      about: from,
      words: 'it is no client: all it tells is dropped',
    })
  }

  wrongSecret(from: string): void {
    const words = 'its packets are not signed with its secret: all it tells is dropped'
    this.#note({ what: 'wrong secret', about: from, words })
  }

  foreign(nas: string, from: string): void {
    const words = `${from} does not speak for it: what it tells of it is answered, and dropped`
    this.#note({ what: 'foreign access server', about: nas, words })
  }

  /** Not dropped, but taken for another access server. */
  second(nas: string, from: string): void {
    const words = `${from} and another client tell of it: they are taken for two access servers`
    this.#dropped.note({ what: 'address of two', about: nas, words }, this.#now(), { sure: true })
  }

  /** Each is a session of its own as long as its updates come; a Start of one ends the other. */
  ofTwo(nas: string, session: string): void {
    const words = `two users have sessions with the number ${session} at once; both are kept. Have it number its sessions so that none comes twice`
    this.#dropped.note({ what: 'number of two', about: nas, words }, this.#now(), { sure: true })
  }

  /** A lease of it ended for want of updates, while the access server told of others. */
  withoutUpdates(nas: string): void {
    const words =
      'a lease ended, because no update of its session came for 2.5 times radius.interim'
    this.#dropped.note({ what: 'no updates', about: nas, words }, this.#now(), { sure: true })
  }

  worries(): Worry[] {
    return this.#dropped.worries(this.#now())
  }

  #note(worry: Worry): void {
    this.#dropped.note(worry, this.#now())
  }
}

/** An access server is expected to say something within that (ms), where none of its updates are. */
const EXPECTED = 15 * MINUTE

type Servers = {
  heard(): Iterable<unknown>
  silent(now: number): Iterable<readonly [nas: string, sessions: number, isHeardAgain: boolean]>
}
type QuietFor = { readonly interim: number; readonly opened: number; readonly now: number }

/** Access servers that are silent, or that were never heard since accounting was `opened`. */
export function quiet(servers: Servers, { interim, opened, now }: QuietFor): Worry[] {
  const [any] = servers.heard()
  const open = now - opened
  if (any === undefined && open > (interim || EXPECTED))
    return [
      {
        what: 'nothing heard',
        about: 'radius',
        words: `no access server has told anything for ${formatDuration(open)}`,
      },
    ]
  return [...servers.silent(now)].flatMap(([about, count, isHeardAgain]) => {
    const words = isHeardAgain
      ? `it told nothing for 2.5 times radius.interim, and is heard again: ${count} of its sessions are ambiguous, each until it is told of`
      : `it told nothing for 2.5 times radius.interim: its ${count} sessions are ambiguous`
    return count === 0 ? [] : [{ what: isHeardAgain ? 'was silent' : 'silent', about, words }]
  })
}
