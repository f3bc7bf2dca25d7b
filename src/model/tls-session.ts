// One connection to a mail server of another domain, as its owner wants to hear of it (RFC 8460): by which policy, and whether TLS was what that asks for.

/** RFC 8460 §4.3. */
export type TlsFailure =
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid'

export type TlsPolicy = {
  readonly kind: 'tlsa' | 'sts' | 'no-policy-found'
  /** Whose it is: the domain of the recipients. */
  readonly domain: string
  /** Its lines, or the TLSA records. */
  readonly lines: readonly string[]
  /** Exchangers that a policy of MTA-STS names. */
  readonly mx: readonly string[]
  /** It is only tried: what it asks for is not enforced (MTA-STS `testing`). */
  readonly tests?: true
}

export type TlsSession = {
  readonly policy: TlsPolicy
  readonly failure?: {
    readonly type: TlsFailure
    /** The mail server; absent where none was asked. */
    readonly mx?: string
    readonly ip?: string
  }
}
