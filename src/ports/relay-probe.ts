// Does a mail server send mail on for strangers?

export type Probed =
  /** Nothing answers there: it cannot be misused either. */
  | { readonly kind: 'no-server' }
  /** It refused what a stranger may not have. */
  | { readonly kind: 'closed' }
  /** It would have sent mail on; `words` is what it took. */
  | { readonly kind: 'open'; readonly words: string }
  /** It answered, and broke off: nothing is known. */
  | { readonly kind: 'unclear'; readonly words: string }

export interface RelayProbe {
  /** Asks port 25 of that address. No message is ever handed over. */
  probe(address: string): Promise<Probed>
}
