// Postfix's policy delegation (SMTPD_POLICY_README): lines `name=value`, ended by an empty one. Pure: no socket, no clock.
// A request is framed by its empty line and by nothing else, however the bytes arrive.

export type PolicyRequest = ReadonlyMap<string, string>

/** Postfix's longest request is a few kilobytes; a peer that needs more is not Postfix. */
const MAX_REQUEST = 64 * 1024

export class PolicyDecoder {
  #text = ''
  readonly #utf8 = new TextDecoder()

  push(chunk: Uint8Array): void {
    this.#text += this.#utf8.decode(chunk, { stream: true })
  }

  /** The next request; `bad` when it is too long or not of this protocol; undefined when more bytes are needed. */
  next(): PolicyRequest | 'bad' | undefined {
    const end = this.#text.indexOf('\n\n')
    if (end < 0) return this.#text.length > MAX_REQUEST ? 'bad' : undefined
    if (end > MAX_REQUEST) return 'bad'
    const text = this.#text
    const request = new Map<string, string>()
    for (let at = 0; at <= end; ) {
      // There is one at `end`.
      const newline = text.indexOf('\n', at)
      const equals = text.indexOf('=', at)
      if (equals <= at || equals > newline) return 'bad'
      request.set(text.slice(at, equals), text.slice(equals + 1, newline))
      at = newline + 1
    }
    this.#text = text.slice(end + 2)
    return request.get('request') === 'smtpd_access_policy' ? request : 'bad'
  }
}
