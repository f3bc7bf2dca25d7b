// What a message's signatures and its sender's domain say, in the words of RFC 8601 §2.7. Found once, when all of it is in.

import type { DmarcFound } from './dmarc-row.ts'

export type Authentication = {
  readonly spf: { readonly result: string; readonly domain: string }
  /** One for each signature, the first ten of them that were looked at: honest mail has one to three. */
  readonly dkim: readonly { readonly result: string; readonly domain: string }[]
  readonly dmarc: {
    /**
     * `several`: it has more than one From field, and which of them a reader sees is unknown. `permerror`: there is no legal domain in
     * it, or one is hidden by control characters or in a character set, or there are more than five. `temperror`: the DNS did not answer; with a policy, that is
     * known, and only whether its domain signed or sent it is not.
     */
    readonly result: string
    /** Domain of the From header; of several the one whose result counts. */
    readonly domain: string
    /** What that domain wants done with mail that fails; `unknown` where it could not be asked, and had not been lately. */
    readonly policy: 'none' | 'quarantine' | 'reject' | 'unknown'
    /** It has been unknown so long and so often that its mail is taken all the same. */
    readonly givenUp?: true
  }
  /** The chain of the servers that passed it on (RFC 8617). */
  readonly arc: {
    readonly result: string
    /** The domain that sealed it last; believing the chain means believing that domain. */
    readonly sealer?: string
    /** What the sealer found of DMARC, before it changed the message. */
    readonly dmarcBefore?: string
  }
  /** It could not be checked to its end, and why: then SPF and DMARC say temperror, and there is no signature and no chain. */
  readonly unchecked?: string
  /** What the domain in From may hear of it, where that asks for reports; not written down with the step. */
  readonly forReport?: DmarcFound
  /** Complete header fields that tell the reader (RFC 8601, RFC 7208 §9.1), each line ended by CR LF. */
  readonly header: string
}
