// What clean and infected look like, as numbers: for every cell of every kind of unit how often it is seen from
// the 99th-percentile clean subscriber (p0) and from an infected one (p1). Network signs have theirs in signs/, numbers
// that are no cells are in numbers.ts.
//
// `clean` columns are the 99th percentile over subscribers never flagged, not a mean: a subscriber whose mail the filter often
// misjudges must not pay for it. A message judged clean and one whose content was not scanned
// are different rows of one joint table, so that dependence between content and recipients is counted once.
//
// Sources. [spot]: Duan et al., "Detecting Spam Zombies by Monitoring Outgoing Messages" (filter right on about
// nine spams of ten; compromised senders' mail over 90 % spam). [mox]: mox's limit of 200 first-time recipients
// a day, chosen because people stay far below it. [est]: our estimate, to be replaced by the operator's own
// percentiles; the bounds are tested with every number wrong by x 0.5 and x 2.

export type Cell = { readonly p0: number; readonly p1: number; readonly source: string }

export type Content = 'spam' | 'clean' | 'unseen'
/** Share of recipients this sender never wrote to: none, fewer than half, half or more. */
export type Novelty = 'known' | 'some-new' | 'mostly-new'
/** What others answered: nothing bad so far, no such user, refused as spam. */
export type Result = 'pending' | 'unknown-user' | 'spam-refused'

/** Content x novelty, before a receiving server has answered. */
export const MESSAGE: Readonly<Record<`${Content}/${Novelty}`, Cell>> = {
  'spam/known': {
    p0: 0.19,
    p1: 0.05,
    source: 'a fifth of the mail of an unlucky subscriber is misjudged [est]',
  },
  'spam/some-new': { p0: 0.006, p1: 0.07, source: '[est]' },
  'spam/mostly-new': {
    p0: 0.002,
    p1: 0.74,
    source: 'p1 [spot]; p0: misjudged and to strangers at once [est]',
  },
  'clean/known': { p0: 0.6, p1: 0.005, source: '[est]' },
  'clean/some-new': { p0: 0.1, p1: 0.015, source: '[est]' },
  'clean/mostly-new': {
    p0: 0.06,
    p1: 0.12,
    source: 'p1: the spam a filter misses [spot]; p0 [est]',
  },
  'unseen/known': { p0: 0.8, p1: 0.055, source: '[est]' },
  'unseen/some-new': { p0: 0.12, p1: 0.085, source: '[est]' },
  'unseen/mostly-new': {
    p0: 0.1,
    p1: 0.86,
    source: 'p0 [mox], p1: bots mail lists, not friends [spot]',
  },
}

/** The same cells together with a bad answer from elsewhere: joint, so p0 here is part of the p0 above. */
export const ANSWERED: Readonly<
  Record<`${Content}/${Novelty}/${Exclude<Result, 'pending'>}`, Cell>
> = {
  'spam/known/unknown-user': { p0: 0.02, p1: 0.01, source: 'stale address books [est]' },
  'spam/some-new/unknown-user': { p0: 0.0008, p1: 0.02, source: '[est]' },
  'spam/mostly-new/unknown-user': {
    p0: 0.0003,
    p1: 0.28,
    source: 'bought lists are a third stale [est]',
  },
  'clean/known/unknown-user': { p0: 0.08, p1: 0.001, source: 'stale address books [est]' },
  'clean/some-new/unknown-user': { p0: 0.02, p1: 0.005, source: '[est]' },
  'clean/mostly-new/unknown-user': { p0: 0.004, p1: 0.045, source: '[est]' },
  'unseen/known/unknown-user': { p0: 0.08, p1: 0.01, source: 'stale address books [est]' },
  'unseen/some-new/unknown-user': { p0: 0.02, p1: 0.03, source: '[est]' },
  'unseen/mostly-new/unknown-user': {
    p0: 0.006,
    p1: 0.32,
    source: 'bought lists are a third stale [est]',
  },
  'spam/known/spam-refused': { p0: 0.02, p1: 0.02, source: '[est]' },
  'spam/some-new/spam-refused': { p0: 0.0006, p1: 0.04, source: '[est]' },
  'spam/mostly-new/spam-refused': {
    p0: 0.0003,
    p1: 0.4,
    source: 'two filters seldom err alike [est]',
  },
  'clean/known/spam-refused': { p0: 0.01, p1: 0.002, source: '[est]' },
  'clean/some-new/spam-refused': { p0: 0.003, p1: 0.01, source: '[est]' },
  'clean/mostly-new/spam-refused': { p0: 0.001, p1: 0.06, source: '[est]' },
  'unseen/known/spam-refused': { p0: 0.01, p1: 0.02, source: '[est]' },
  'unseen/some-new/spam-refused': { p0: 0.003, p1: 0.04, source: '[est]' },
  'unseen/mostly-new/spam-refused': { p0: 0.001, p1: 0.4, source: '[est]' },
}

/** A successful login from a network this login was never seen in. */
export const AUTH_NOVEL_NETWORK: Cell = {
  p0: 0.05,
  p1: 0.9,
  source: 'p0: a traveller; p1: a bought password is used from wherever the buyer is [est]',
}

/** A client of this line or login speaks SMTP as no mail program does, and none did in the weeks before. */
export const PROTOCOL_VIOLATION: Cell = {
  p0: 0.003,
  p1: 0.3,
  source: 'p0: an old printer, a person with telnet; p1: hand-written SMTP of bots [est]',
}

/** An hour in which a sender sends more than half of a usual day. */
export const VOLUME_BURST: Cell = { p0: 0.01, p1: 0.5, source: '[est]' }

/** One message to very many people of whom none was written to before, or none is named to us. */
export const VOLUME_CROWD: Cell = {
  p0: 0.001,
  p1: 0.05,
  source: 'p0: the first letter of a club; p1: bots mostly write to few at once [est]',
}

/** A message to an address that was never given out, sent as to a list; no outsider is seen to have led the sender to it. */
export const TRAP: Cell = {
  p0: 0.00002,
  p1: 0.02,
  source: 'p0: an old address list with one in it; p1: traps are few among bought addresses [est]',
}

/**
 * The same where an outsider may have led the sender to it: an outsider who knows such an address can put it into Reply-To, or into a
 * picture, which only the reader sees. A message that is not sent as to a list counts as led, too.
 */
export const TRAP_LED: Cell = {
  p0: 0.0015,
  p1: 0.02,
  source:
    'p0: written by hand to an address that an outsider showed the sender, seen by us or not, as often as outsiders please; once a week [est]',
}

/** A client offered the right password of a login to a decoy: no mail program of its owner knows the decoy. */
export const PASSWORD_AT_DECOY: Cell = {
  p0: 0.0005,
  p1: 0.2,
  source:
    'p0: an address typed wrongly into a mail program; p1: stolen passwords are tried everywhere [est]',
}

/** A login on a list of accounts whose passwords are in circulation: the list may be old, and the password another today. */
export const PASSWORD_ON_LIST: Cell = {
  p0: 0.02,
  p1: 0.15,
  source: 'p0: old lists, an account elsewhere of the same name [est]',
}

/**
 * A complaint of an organisation that received the message, or of a feedback loop; one of each within 30 days, three at most. A reporter of
 * whose complaints some were unfounded says less.
 */
export const COMPLAINT: Cell = {
  p0: 0.0041,
  p1: 0.0499,
  source:
    'p0: a reader who is annoyed by a mailing, in a month; p1: of those who get spam few report it [est]; together the 2.5 nats [proto]',
}

/** A message with something in it that is damaged, or made so that it cannot be read; not one that is only large. */
export const UNREADABLE: Cell = {
  p0: 0.004,
  p1: 0.02,
  source:
    'p0: a broken archive, or a part that readers differ about, sent on; p1: spam that is written to get past readers [est]',
}
