// What a report to a domain says of mail that names it in From, in the words of RFC 9990

/** The record that applied. */
export type DmarcPublished = {
  /** Where it stands, in lower case. */
  readonly domain: string
  readonly p: DmarcPolicy
  readonly sp?: DmarcPolicy
  readonly np?: DmarcPolicy
  readonly adkim: 'r' | 's'
  readonly aspf: 'r' | 's'
  readonly testing: boolean
}

type DmarcPolicy = 'none' | 'quarantine' | 'reject'

/** What was found of one message; only where the record asks for reports. */
export type DmarcFound = {
  readonly published: DmarcPublished
  /** Something aligned passed. */
  readonly dkim: boolean
  readonly spf: boolean
  readonly headerFrom: string
  readonly envelopeFrom: string
  readonly signatures: readonly {
    readonly domain: string
    readonly selector: string
    readonly result: string
  }[]
  readonly spfResult: { readonly domain: string; readonly result: string }
}

/** What became of it, and why, where that is not what the domain asks for. */
export type DmarcApplied = {
  readonly disposition: DmarcPolicy | 'pass'
  readonly reasons: readonly {
    readonly type: 'local_policy' | 'trusted_forwarder' | 'policy_test_mode' | 'other'
    readonly comment?: string
  }[]
}

export type DmarcRow = DmarcFound &
  DmarcApplied & {
    /** Where it came from. */
    readonly ip: string
    /** It looks like such a report itself: two servers that told each other of their reports would never end. */
    readonly isReport?: true
  }
