// What a sender asks of the servers on the way, beside sender and recipients (RFC 6152, 6531, 8689 and 3461).

export const NOTIFY = ['success', 'failure', 'delay'] as const
export type Notify = (typeof NOTIFY)[number]

export type RecipientParameters = {
  /** When to be told; empty for NEVER. Absent: on failure, as without this extension. */
  readonly notify?: readonly Notify[]
  /** ORCPT as it was given, still in xtext: `rfc822;anna@example.org`. */
  readonly original?: string
}

export type EsmtpParameters = {
  /** BODY=8BITMIME. */
  readonly eightBit?: true
  /** SMTPUTF8: addresses or header fields in UTF-8. */
  readonly utf8?: true
  /** REQUIRETLS: rather not delivered than over a connection to a server that is not verified. */
  readonly requireTls?: true
  /** Rather in clear than not (RFC 8689 §5): a report of TLS that failed. Of our own letters alone. */
  readonly tlsOptional?: true
  /** RET: what of the message a report brings back. */
  readonly returned?: 'full' | 'headers'
  /** ENVID as it was given, still in xtext. */
  readonly envelopeId?: string
  readonly recipients?: Readonly<Record<string, RecipientParameters>>
}

export const NO_PARAMETERS: EsmtpParameters = Object.freeze({})
