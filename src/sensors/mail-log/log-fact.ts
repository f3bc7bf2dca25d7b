// What one line of a mail server's log says, as far as its program alone wrote it: what strangers say (senders, recipients, greetings,
// Message-IDs, answers of other servers) is never taken for a field.

export type LogFact =
  /** A message begins, or is taken: by a client, or handed in by a local user. */
  | {
      readonly kind: 'begun'
      readonly id: string
      /** Canonical. */
      readonly address?: string
      readonly login?: string
      /** Number or name of the local user. */
      readonly user?: string
      /** The login or address that the line names, where a stranger could have written it. */
      readonly unsure?: string
      readonly sender?: string
      readonly size?: number
      readonly recipients?: number
    }
  /** The client's process has logged in: what it begins from now on is of this login (Sendmail), or its session (OpenSMTPD). */
  | {
      readonly kind: 'session'
      readonly session: string
      readonly address?: string
      readonly login?: string
      readonly user?: string
      readonly ended?: true
    }
  /** The session goes on as this message. */
  | { readonly kind: 'of-session'; readonly session: string; readonly id: string }
  /** Only to join messages by: its text is a stranger's. */
  | { readonly kind: 'message-id'; readonly id: string; readonly messageId: string }
  | {
      readonly kind: 'queued'
      readonly id: string
      readonly sender: string
      readonly size: number
      readonly recipients: number
    }
  /** A delivery agent tells of one recipient. */
  | {
      readonly kind: 'delivery'
      readonly id: string
      readonly recipient: string
      readonly outcome: 'sent' | 'bounced' | 'deferred'
      /** Delivered here, into a mailbox or a program. */
      readonly local: boolean
      /** What the other server said. */
      readonly words: string
      /** Handed on to a program on this machine, or beside it: its address, or `socket`. */
      readonly near?: string
      /** Name of the other server, as this one has found it for the recipient's domain. */
      readonly relay?: string
    }
  | { readonly kind: 'removed'; readonly id: string }
  | {
      readonly kind: 'refused'
      readonly id?: string
      readonly address: string
      readonly words: string
      /** Where they cannot be mistaken. */
      readonly sender?: string
      readonly recipient?: string
      /** A milter, or an ACL after DATA, refused the whole message. */
      readonly message?: true
    }
  | {
      readonly kind: 'auth'
      readonly address: string
      readonly ok: boolean
      /** Only of one that was right. */
      readonly login?: string
      readonly times: number
    }
  /** The server stops a message: it is none. */
  | { readonly kind: 'dropped'; readonly id: string }

/** Undefined: no line of this program's looks so. `nothing`: it does, and says nothing of mail. */
export type ReadFact = LogFact | 'nothing' | undefined

export type Grammar = {
  readonly name: 'postfix' | 'exim' | 'dovecot' | 'sendmail' | 'opensmtpd'
  readonly isOf: (program: string) => boolean
  readonly read: (line: {
    readonly program: string
    readonly pid: string
    readonly text: string
  }) => ReadFact
}
