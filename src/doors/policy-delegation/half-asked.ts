// Which questions come, and which do not: the operator believes that Postfix asks about all mail, but a block of master.cf overrides a
// restriction in silence. An event names what is missing, with the line that the operator must add.
//
// Nothing is told of a Postfix that asks at END-OF-MESSAGE alone everywhere, or at RCPT alone where mail is counted there: that suffices.

import { DAY, MINUTE } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { PolicyRequest } from './codec.ts'

/** Messages of one port, with a login or without, of which half was asked. Clients that give up are not so many, with none that ends. */
const ENOUGH = 10
/** What was asked before we began is not known. */
const AT_FIRST = 10 * MINUTE
/** Told again after so long. */
const AGAIN = DAY
/** Ports that are told from each other; a Postfix has a few. */
const MAX_PORTS = 64

type StageCounts = {
  readonly about: string
  /** Messages whose first RCPT was asked, and those that came to their end, with RCPT and without. */
  asked: number
  ended: number
  bare: number
  since: number
  told: number
}

export class HalfAsked {
  readonly #kinds = new Map<string, StageCounts>()
  readonly #began: number
  readonly #countAt: 'rcpt' | 'end-of-message'
  #recipients = 0

  constructor(countAt: 'rcpt' | 'end-of-message', began: number) {
    this.#countAt = countAt
    this.#began = began
  }

  /** The first RCPT of a message that is not refused. */
  recipient(request: PolicyRequest, at: number): NewEvent | undefined {
    this.#recipients++
    const kind = this.#kindOf(request, at)
    if (!kind) return undefined
    kind.asked++
    const isHalf = this.#countAt === 'end-of-message' && kind.asked >= ENOUGH && kind.ended === 0
    return isHalf && at - kind.since >= AT_FIRST ? this.#tell(kind, at, WITHOUT_END) : undefined
  }

  /** END-OF-MESSAGE; `bare`: without its RCPTs. */
  end(
    request: PolicyRequest,
    at: number,
    { bare }: { readonly bare: boolean },
  ): NewEvent | undefined {
    const kind = this.#kindOf(request, at)
    if (!kind) return undefined
    if (!bare) kind.ended++
    else if (at - this.#began >= AT_FIRST) kind.bare++
    const isHalf = kind.bare >= ENOUGH && kind.asked === 0 && this.#recipients > 0
    return isHalf ? this.#tell(kind, at, WITHOUT_RCPT) : undefined
  }

  #kindOf(request: PolicyRequest, at: number): StageCounts | undefined {
    const port = request.server_port
    const isOurs = request.sasl_username !== ''
    const key = isOurs ? `${port}+` : port
    const known = this.#kinds.get(key)
    if (known || this.#kinds.size >= MAX_PORTS) return known
    const who = isOurs ? 'with a login' : 'without a login'
    const about = /^\d{1,5}$/.test(port) ? `port ${port}, ${who}` : `clients ${who}`
    const kind: StageCounts = { about, asked: 0, ended: 0, bare: 0, since: at, told: -Infinity }
    this.#kinds.set(key, kind)
    return kind
  }

  #tell(kind: StageCounts, at: number, words: string): NewEvent | undefined {
    if (at - kind.told < AGAIN) return undefined
    kind.told = at
    return {
      kind: 'alarm-raised',
      alarm: 'half-asked',
      at,
      about: `policy service, ${kind.about}`,
      words,
    }
  }
}

const WITHOUT_END =
  'Postfix asks at RCPT and never at END-OF-MESSAGE: this mail is neither counted nor evidence; add smtpd_end_of_data_restrictions = check_policy_service … to main.cf, and -o smtpd_end_of_data_restrictions=… to a block of master.cf that overrides it (see docs/integrate-postfix.md)'
const WITHOUT_RCPT =
  'Postfix asks at END-OF-MESSAGE and not at RCPT: of mail to several it is not known to whom it goes; put check_policy_service before permit_sasl_authenticated and permit_mynetworks, in -o smtpd_recipient_restrictions=… of that block of master.cf, too (see docs/integrate-postfix.md)'
