// A service of submission whose messages never come with a login: its mail server does not say logins to a milter. All its customers are taken
// for strangers then, without limits and without evidence, and nothing else would tell.

import { DAY } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'

/** Messages without any login. Where machines of mynetworks submit, too, people with a login write sooner. */
const ENOUGH = 10
/** Told again after so long. */
const AGAIN = DAY

/** What the server says of where a message came in, and whether it said a login. */
export type CameIn = {
  /** `{daemon_name}`: Postfix says milter_macro_daemon_name. */
  readonly name: string
  /** `{daemon_port}`, where it is said. */
  readonly port: string
  readonly hasLogin: boolean
}

/** Services that are told from each other; a server has a few. */
const MOST = 64

type Service = { knows: boolean; messages: number; told: number }

export class WithoutLogins {
  readonly #services = new Map<string, Service>()

  /** Of each message. */
  message({ name, port, hasLogin }: CameIn, at: number): NewEvent | undefined {
    if (!isSubmission(name, port)) return undefined
    const service = this.#serviceOf(`${name} ${port}`)
    if (!service) return undefined
    if (hasLogin) service.knows = true
    if (service.knows) return undefined
    service.messages++
    if (service.messages < ENOUGH || at - service.told < AGAIN) return undefined
    service.told = at
    const about = `milter, ${name || `port ${port}`}`
    return { kind: 'alarm-raised', alarm: 'half-asked', at, about, words: WORDS }
  }

  #serviceOf(key: string): Service | undefined {
    const known = this.#services.get(key)
    if (known || this.#services.size >= MOST) return known
    const service = { knows: false, messages: 0, told: Number.NEGATIVE_INFINITY }
    this.#services.set(key, service)
    return service
  }
}

const isSubmission = (name: string, port: string): boolean =>
  /^(?:originating|submissions?|smtps)$/i.test(name) || port === '587' || port === '465'

const WORDS =
  'no message of this service came with a login: its senders are taken for strangers, and no limit holds for them; where they log in, milter_mail_macros in main.cf (Sendmail: confMILTER_MACROS_ENVFROM) must have {auth_authen}, and milter_protocol must be 6 (see cordon doctor postfix)'
