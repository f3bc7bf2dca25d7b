// Which logins are used from which foreign address, and what they sent from there within 7 days: when an address is a subject of its own, how
// large it is, and which logins are stopped with it.

import { stopsWithSource } from '../../core/detection/episodes/source-size.ts'
import { DAY } from '../../model/duration.ts'

type Uses = { at: number; spam: number; all: number; regular: boolean }

const REMEMBERED = 7 * DAY
/** From so many logins on an address is a subject, though its network is known to them. */
const MANY_LOGINS = 3

export class ForeignAddresses {
  readonly #addresses = new Map<number, Map<number, Uses>>()

  /** A login is used from there: whether by many. */
  used(address: number, login: number, at: number): boolean {
    const logins = this.#of(address)
    const uses = logins.get(login) ?? { at, spam: 0, all: 0, regular: false }
    uses.at = at
    logins.set(login, uses)
    if (logins.size > 1)
      for (const [one, other] of logins) if (other.at < at - REMEMBERED) logins.delete(one)
    return logins.size >= MANY_LOGINS
  }

  sent(address: number, login: number, spam: boolean): void {
    const uses = this.#of(address).get(login)
    if (!uses) return
    uses.all++
    if (spam) uses.spam++
  }

  /** A person whom the login knows took its mail from there. */
  isRegular(address: number, login: number): void {
    const uses = this.#of(address).get(login)
    if (uses) uses.regular = true
  }

  regulars(address: number): number {
    return [...this.#of(address).values()].filter(({ regular }) => regular).length
  }

  stoppedWith(address: number): number[] {
    return [...this.#of(address)].flatMap(([login, { spam, all }]) =>
      stopsWithSource(spam, all) ? [login] : [],
    )
  }

  forgive(address: number): void {
    for (const uses of this.#of(address).values()) {
      uses.spam = 0
      uses.all = 0
    }
  }

  #of(address: number): Map<number, Uses> {
    const known = this.#addresses.get(address)
    if (known) return known
    const made = new Map<number, Uses>()
    this.#addresses.set(address, made)
    return made
  }
}
