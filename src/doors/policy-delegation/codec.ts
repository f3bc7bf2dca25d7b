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
    const lines = this.#text.slice(0, end).split('\n')
    this.#text = this.#text.slice(end + 2)
    const request = new Map<string, string>()
    for (const line of lines) {
      const equals = line.indexOf('=')
      if (equals < 1) return 'bad'
      request.set(line.slice(0, equals), line.slice(equals + 1))
    }
    return request.get('request') === 'smtpd_access_policy' ? request : 'bad'
  }
}
