// Where mail for our own domains goes.

export type Mailbox =
  /** A mailbox of ours, by the folder it is stored in. */
  | { readonly kind: 'mailbox'; readonly name: string }
  /** Sent on to other addresses, our own or not; `keeps` is the mailbox that gets a copy. */
  | { readonly kind: 'forward'; readonly to: readonly string[]; readonly keeps?: string }

/** The mailbox of ours that it fills; undefined where all of it is sent on. */
export const mailboxOf = (found: Mailbox | undefined): string | undefined =>
  found?.kind === 'forward' ? found.keeps : found?.name

export interface Recipients {
  /** True when mail for this domain ends here. */
  isLocal(domain: string): boolean
  /** The same of one address; the postmaster of this server is ours, too, whatever its name (RFC 5321 §4.5.1). */
  isOurs(address: string): boolean
  /** Undefined when there is no such recipient; rejects when it cannot be known just now. */
  find(address: string): Promise<Mailbox | undefined>
}
