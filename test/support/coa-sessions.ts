// The sessions of an access server, and what each may do, as requests change it (RFC 5176). Of a session that it does not have, or that another
// user has, it says so.

import {
  ATTRIBUTES,
  type Attribute,
  CODES,
  numberAttribute,
  type RadiusPacket,
} from '../../src/wire/radius.ts'

/** RFC 5176 §3.5. */
const NO_SUCH_SESSION = 503
const FILTER_ID = 11
const filter = (value: string) => [{ attribute: String(FILTER_ID), value, as: 'text' as const }]

export class CoaSessions {
  /** What Cordon is to write for each state. */
  readonly templates = {
    isolated: filter('closed'),
    redirected: filter('redirected'),
    open: filter('open'),
    default: filter('default'),
  }
  /** By number. */
  readonly #sessions = new Map<string, { readonly user: string; filter: string }>()

  begins(id: string, user: string): void {
    this.#sessions.set(id, { user, filter: 'default' })
  }

  ends(id: string): void {
    this.#sessions.delete(id)
  }

  isClosed(id: string): boolean {
    return this.#sessions.get(id)?.filter === 'closed'
  }

  /** Its answer to a request. */
  change(asked: readonly Attribute[]): RadiusPacket {
    const text = (wanted: number) =>
      new TextDecoder().decode(asked.find(({ type }) => type === wanted)?.value)
    const session = this.#sessions.get(text(ATTRIBUTES.acctSession))
    const isThere = session?.user === text(ATTRIBUTES.userName)
    if (isThere) session.filter = text(FILTER_ID)
    return {
      code: isThere ? CODES.coaAck : CODES.coaNak,
      id: 0,
      authenticator: new Uint8Array(16),
      attributes: isThere ? [] : [numberAttribute(ATTRIBUTES.errorCause, NO_SUCH_SESSION)],
    }
  }
}
