// Which login came from where, told to the engine as our own SMTP door tells it: for doors beside another server, which checks passwords
// itself and says with each message which login sent it. Once an hour for each login and network: a message is no login.

import { HOUR } from '../model/duration.ts'
import type { NewEvent } from '../model/event.ts'
import { isLoopback, maskIp, NO_ADDRESS } from '../model/ip.ts'
import type { Transaction } from '../model/step.ts'
import { Generations } from './generations.ts'

const AGAIN = HOUR
/** Logins with their networks that are remembered; when there are more, some logins are told once more. */
const MOST = 50_000

type Seen = Pick<Transaction, 'login' | 'client' | 'session' | 'listener' | 'at'>

export class SeenLogins {
  readonly #told = new Generations<number>({ most: MOST, keep: AGAIN })
  readonly #crowds: ReadonlySet<string>

  /** `crowds`: hosts of many users (webmail), in canonical form. Where these are says nothing of where their users are; nor does loopback, or no address. */
  constructor(crowds: readonly string[]) {
    this.#crowds = new Set(crowds)
  }

  /** Undefined where there is no login, and where it was told lately. */
  seen({ login, client, session, listener, at }: Seen): NewEvent | undefined {
    if (login === undefined || listener === 'internal') return undefined
    const { realm, address, port } = client
    if (isLoopback(address) || address === NO_ADDRESS || this.#crowds.has(address)) return undefined
    const network = maskIp(address)
    const key = `${login} ${network}`
    const before = this.#told.get(key, at)
    if (before !== undefined && at - before < AGAIN) return undefined
    this.#told.put(key, { value: at, weight: 1, at })
    const who = { realm, address, port, login, sure: 'unknown' } as const
    return { kind: 'link-auth', at, session, listener, who, ok: true, network }
  }
}
