// What is known of a message's content after it streamed by once: enough for every rule, little enough for memory.

/**
 * What is damaged, or made so that it cannot be read: an archive, the header of a part (over a limit, or readers differ about where it
 * ends), its character set (not known here), more work than one message may make; or it is elsewhere (RFC 2046 §5.2: a piece of a message, or one that says where to get it).
 */
export const DAMAGED = ['archive', 'character-set', 'elsewhere', 'header', 'too-much-work'] as const

/** More than is read, and more than ordinary mail has; no sign against a sender that passes it on. */
export const TOO_MUCH = ['too-deep', 'too-many-links', 'too-many-names', 'too-many-parts'] as const

/** What ordinary mail may be, too: it goes on beyond the first mebibyte, or its archives hold more than is listed. */
export const TOO_LARGE = ['large', 'large-archive'] as const

/** `quoted`: in the message that a bounce returns, cut short as it may be. `busy`: there was no time to list an archive. */
export type Unreadable =
  | (typeof DAMAGED | typeof TOO_MUCH | typeof TOO_LARGE)[number]
  | 'quoted'
  | 'busy'

export type MessageSummary = {
  readonly size: number
  readonly subject: string
  /** Addresses of the From header (RFC 5322 §3.6.2), folded to lower case: all that some reader may see there. */
  readonly from: readonly string[]
  /** It has no From field, or more than one, or one in which not all mail programs read the same addresses: what is wrong, printable. */
  readonly unclearFrom?: string
  /** That is so for one thing alone: there are addresses in the name. `from` is all that any program reads. */
  readonly unclearByName?: true
  /** From is `a@x <b@y>`: no program can read b@y alone that does not take a@x for a name, which Python's email does not. What to do, printable. */
  readonly addressAsName?: { readonly meant: string; readonly wrong: string }
  /** It has no From field at all. */
  readonly noFrom?: true
  /** What we put in its place, and judge it by: `from` is this address. */
  readonly addedFrom?: string
  readonly messageId?: string
  readonly hasDate: boolean
  /** RFC 2919; a newsletter says which list it is. */
  readonly listId?: string
  /** It has a DKIM-Signature, right or wrong. */
  readonly signed?: true
  /** It says which message it answers (RFC 5322 §3.6.4). */
  readonly answers?: true
  /** Ids of the messages it answers (In-Reply-To, and the last of References), without brackets, at most three. */
  readonly answered?: readonly string[]
  /** Addresses of Reply-To, folded to lower case, at most two. */
  readonly replyTo?: readonly string[]
  /** Addresses of ours that no customer was ever given and that stand anywhere in a message from outside. */
  readonly named?: readonly string[]
  /** RFC 3834 Auto-Submitted, anything but "no"; or a null sender. */
  readonly automatic: boolean
  /** It says that a program wrote it (RFC 3834 Auto-Submitted, anything but "no"). */
  readonly autoSubmitted?: true
  /** A receipt that a reader sends (RFC 8098): it comes without a sender, and is no report of a failure. */
  readonly receipt?: true
  /** Hashcash stamps, at most five. */
  readonly stamps?: readonly string[]
  /** Received lines counted, for loops (RFC 5321 §6.3). */
  readonly hops: number
  /** Hosts of links (RFC 3986 §3.2: user, host, port), as they stand there in lower case, at most 1,000. */
  readonly linkHosts: readonly string[]
  /** File names of attachments, as mail programs may read them, at most 2,000. */
  readonly attachments: readonly string[]
  /** Names of the files in attached archives, as far as they can be read, at most 2,000. */
  readonly archived?: readonly string[]
  /** Of each of those the archive it is in, as `inner.zip in outer.zip`; absent where no archive has a name. */
  readonly archivedIn?: readonly string[]
  /** One of the archives has encrypted files. */
  readonly encryptedArchive?: true
  /** The first of those files, with its archive. */
  readonly locked?: string
  /** Why this is not all there is in the message; absent when it was read to its end. See `DAMAGED` and `TOO_LARGE`. */
  readonly unreadable?: readonly Unreadable[]
  /** What exactly was wrong: of archives which one, and of a character set its name. */
  readonly unlisted?: { readonly [what in Unreadable]?: string }
  /** Text parts decoded, cut at 1 MiB together. */
  readonly text: string
  /** Same for two bodies that differ only in names, numbers and white space. */
  readonly fingerprint: string
  /** The header has more than ASCII in it (RFC 6532). */
  readonly utf8Header: boolean
}

/** What a content scanner says. `unseen`: none is there, or it failed. */
export type ContentVerdict = 'spam' | 'clean' | 'unseen'

export type ScanResult = {
  readonly content: ContentVerdict
  /** The virus that was found; the message must not go on to any recipient. */
  readonly virus?: string
  /** It is so surely spam that the scanner itself would not take it. */
  readonly refuse?: true
  /** Found by a few signs alone: that it is clean says little. */
  readonly signsOnly?: true
  /** One that was asked had no answer. */
  readonly failed?: string
}
