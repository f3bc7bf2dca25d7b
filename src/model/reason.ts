// Every reason for which Cordon refuses, defers or holds, as a closed list. The same word appears in the
// log, the metric label, the journal, the API and the documentation (docs/reasons.md is made from this); the reply has its token.

export type ReasonText = {
  /** Reply code when the verdict is reject (5xx) or defer (4xx). */
  readonly reject: number
  readonly defer: number
  /** RFC 3463 detail, without the class digit: "7.1" becomes 5.7.1 or 4.7.1. */
  readonly status: string
  /** Machine token printed in brackets after the enhanced code: shorter than the reason, and often another word. */
  readonly token: string
  /** What the other side reads. Plain, no inner detail, a way out. */
  readonly sentence: string
}

export const REASONS = {
  'sender-not-yours': {
    reject: 553,
    defer: 450,
    status: '7.1',
    token: 'sender',
    sentence:
      'Sender address rejected: not owned by your login; use one of your own addresses, or ask the postmaster to add it',
  },
  'null-sender': {
    reject: 553,
    defer: 450,
    status: '7.1',
    token: 'null-sender',
    sentence:
      'Sender address rejected: the null sender is for receipts and automatic answers, which say Auto-Submitted (RFC 3834); send other mail with your address',
  },
  'from-unclear': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'from',
    sentence: 'Message content rejected: its From field does not name one clear author',
  },
  'login-required': {
    reject: 530,
    defer: 450,
    status: '7.0',
    token: 'login',
    sentence:
      'Authentication required; this server takes mail from its own customers, with their password',
  },
  'login-stopped': {
    reject: 535,
    defer: 454,
    status: '7.13',
    token: 'stopped',
    sentence:
      'User account disabled: sending with this login is stopped because another person seems to use it; change the mail password',
  },
  'network-refused': {
    reject: 535,
    defer: 454,
    status: '7.13',
    token: 'network',
    sentence:
      'User account disabled from this network: mail that this login sent from here looked like that of another person; it works from its own line, and here again once the mail password is changed',
  },
  'credentials-invalid': {
    reject: 535,
    defer: 454,
    status: '7.8',
    token: 'password',
    sentence: 'Authentication credentials invalid: the user name or the password is not right',
  },
  'too-many-attempts': {
    reject: 535,
    defer: 454,
    status: '7.0',
    token: 'slow-down',
    sentence:
      'Too many failed logins from here or with this name; wait a quarter of an hour, and look for a device or program that still has the old password',
  },
  'line-suspended': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'suspended',
    sentence: 'Sending is suspended for this customer; please call the service desk',
  },
  redirected: {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'redirected',
    sentence:
      'This is your provider, not the server you asked for: port 25 is closed on your line; send on port 587 with your password, or see the portal',
  },
  'relay-denied': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'relay',
    sentence: 'Relay access denied; log in on port 587 to send to other domains',
  },
  'recipient-unknown': {
    reject: 550,
    defer: 450,
    status: '1.1',
    token: 'unknown',
    sentence: 'Recipient address rejected: User unknown; check the address',
  },
  // RFC 3463 §3.3: X.2.2.
  'mailbox-full': {
    reject: 552,
    defer: 452,
    status: '2.2',
    token: 'full',
    sentence:
      'Mailbox full (quota exceeded); its owner has to make room before it takes mail again',
  },
  'helo-ours': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence:
      'Helo command rejected: the name is one of ours; set the full host name of your server',
  },
  'helo-invalid': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Helo command rejected: invalid name; set the full host name of your server',
  },
  'helo-unresolved': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Helo command rejected: Host not found; set the full host name of your server',
  },
  'helo-foreign': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence:
      'Helo command rejected: the address is not that of your server; set its full host name',
  },
  'helo-changing': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence:
      'Helo command rejected: too many different names from one address; give your server one',
  },
  // RFC 7372 §3.3: X.7.25.
  'no-reverse-dns': {
    reject: 550,
    defer: 450,
    status: '7.25',
    token: 'ptr',
    sentence:
      'Client host rejected: cannot find your reverse hostname; have the reverse DNS of your server set, and its name lead back to the address',
  },
  'dynamic-name': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'dynamic',
    sentence:
      'Client host rejected: its name looks like that of a dial-in line; send through your provider, or have its reverse DNS and SPF set',
  },
  // RFC 7372 §3.2: X.7.23.
  'spf-fail': {
    reject: 550,
    defer: 450,
    status: '7.23',
    token: 'spf',
    sentence:
      'SPF validation failed: the domain of the sender does not permit your server; send through its own',
  },
  // RFC 7372 §3.4: X.7.26.
  'dmarc-fail': {
    reject: 550,
    defer: 451,
    status: '7.26',
    token: 'dmarc',
    sentence: 'Message not taken, by DMARC: it must be from the domain in its From',
  },
  virus: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'virus',
    sentence: 'Message contains a virus; clean the machine it comes from',
  },
  spam: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'spam',
    sentence: 'Message rejected as spam; if it is not, write differently or ask the postmaster',
  },
  listed: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'listed',
    sentence:
      'Service unavailable; your server or domain is in a list of sources of spam (DNSBL); have it removed there',
  },
  'not-welcome': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'access',
    sentence: 'Access denied: mail from you to this address is not taken here; ask the postmaster',
  },
  'kept-for-postmaster': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'kept',
    sentence: 'Message held until the postmaster has looked at it',
  },
  'forged-bounce': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'bounce',
    sentence:
      'Bounce rejected: it is not to the envelope sender of mail sent from here; answer to the Return-Path, or with a sender of your own',
  },
  'slow-lane': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'slow-lane',
    sentence:
      'Message delayed: mail from senders not known here is looked at again after some minutes, and then delivered',
  },
  greylisted: {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'greylist',
    sentence:
      'Greylisted: your server is not known here yet; it will try again in a few minutes, and then the message is accepted',
  },
  'mostly-unknown': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'unknown-rate',
    sentence: 'Too many unknown recipients; clean your list of recipients and come back tomorrow',
  },
  'refuses-reports': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'reports',
    sentence:
      'Sender address rejected: your system refuses delivery status notifications; accept mail with the null sender (RFC 5321), and come back tomorrow',
  },
  'rogue-domain': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'domain',
    sentence:
      'Sender domain rejected: its SPF record permits nearly every address, or it is one of many new ones; have its SPF record narrowed',
  },
  'protocol-violation': {
    reject: 550,
    defer: 450,
    status: '5.0',
    token: 'protocol',
    sentence:
      'Protocol error: your server does not wait for replies, changes its HELO name or sends commands that SMTP does not have',
  },
  'hidden-link': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'link',
    sentence:
      'Message content rejected: a link hides where it leads; write its host in plain letters',
  },
  'dangerous-attachment': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'attachment',
    sentence:
      'Message content rejected: an attached file could run as a program; send a link to it instead',
  },
  'encrypted-attachment': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'encrypted',
    sentence:
      'Message content rejected: an archive is encrypted and cannot be scanned; send it without a password, or a link to it',
  },
  'unreadable-message': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'unreadable',
    sentence: 'Message content rejected: a part of it cannot be looked into',
  },
  'over-limit': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'limit',
    sentence:
      'Sending limit exceeded: more mail than this account usually sends; the message is held and looked at',
  },
  'over-quota': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'quota',
    sentence:
      'Sending quota exceeded: more mail than is agreed for this time; try again later, or ask the postmaster',
  },
  evidence: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'held',
    sentence: 'Message held for a second look',
  },
  paced: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'paced',
    sentence:
      'Message waits its turn: more unproven mail of this sender is on its way than goes at once',
  },
  'bare-newline': {
    reject: 554,
    defer: 450,
    status: '6.0',
    token: 'newline',
    sentence: 'Bare <CR> or <LF> received: lines must end in <CR><LF>',
  },
  'message-too-large': {
    reject: 552,
    defer: 452,
    status: '3.4',
    token: 'size',
    sentence:
      'Message size exceeds limit; an attached file is a third larger on its way than on a disk',
  },
  // RFC 3463 §3.4: X.3.4.
  'header-too-large': {
    reject: 552,
    defer: 452,
    status: '3.4',
    token: 'header',
    sentence: 'Message header size exceeds limit: at most 1000 fields and 256 KiB are taken',
  },
  'too-many-hops': {
    reject: 554,
    defer: 450,
    status: '4.6',
    token: 'loop',
    sentence: 'Too many hops: this message looks like a mail loop',
  },
  'try-later': {
    reject: 554,
    defer: 451,
    status: '3.0',
    token: 'try-later',
    sentence: 'Temporary local problem; please try again later',
  },
  'storage-full': {
    reject: 552,
    defer: 452,
    status: '3.1',
    token: 'storage',
    sentence: 'Insufficient system storage; please try again later',
  },
} as const satisfies Record<string, ReasonText>

export type Reason = keyof typeof REASONS
