// What became of a message at another server, by its answer (src/mail/reply-class.ts sorts).

/** How another server answered, sorted into classes. */
export type ResultClass =
  | 'unknown-user'
  | 'spam-refused'
  /** Our own address has a bad name there: the operator's matter, never evidence and never the user's bounce. */
  | 'address-listed'
  | 'mailbox-full'
  | 'greylisted'
  | 'rate-limited'
  /** Their rules about names, records and rights. */
  | 'policy'
  | 'too-large'
  | 'malformed'
  | 'temporary'
  | 'other'
