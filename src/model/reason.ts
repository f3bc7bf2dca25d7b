// Every reason for which Cordon refuses, defers or holds, as a closed list. The same word appears in the
// reply, the log, the metric label, the journal and the documentation (docs/reasons.md is made from this).

export type ReasonText = {
  /** Reply code when the verdict is reject (5xx) or defer (4xx). */
  readonly reject: number
  readonly defer: number
  /** RFC 3463 detail, without the class digit: "7.1" becomes 5.7.1 or 4.7.1. */
  readonly status: string
  /** Machine token printed in brackets after the enhanced code. */
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
      'This sender address does not belong to your login: use one of your own, or ask the postmaster to add it',
  },
  'null-sender': {
    reject: 553,
    defer: 450,
    status: '7.1',
    token: 'null-sender',
    sentence:
      'An empty sender is for receipts and for answers of programs, which say Auto-Submitted (RFC 3834); send other mail with your address',
  },
  'from-unclear': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'from',
    sentence: 'It must be clear whom a message is from',
  },
  'login-required': {
    reject: 530,
    defer: 450,
    status: '7.0',
    token: 'login',
    sentence: 'Log in first: this server takes mail from its own customers, with their password',
  },
  'login-stopped': {
    reject: 535,
    defer: 454,
    status: '7.13',
    token: 'stopped',
    sentence:
      'Sending with this login is stopped because somebody else seems to use it; change the mail password in the portal and it works again',
  },
  'credentials-invalid': {
    reject: 535,
    defer: 454,
    status: '7.8',
    token: 'password',
    sentence: 'The user name or the password is not right',
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
  'turned-round': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'turned-round',
    sentence:
      'This is your provider, not the server you asked for: port 25 is closed on your line; send on port 587 with your password, or see the portal',
  },
  'relay-denied': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'relay',
    sentence: 'We do not deliver mail for that domain from here; log in on port 587 to send',
  },
  'recipient-unknown': {
    reject: 550,
    defer: 450,
    status: '1.1',
    token: 'unknown',
    sentence: 'There is no such mailbox here; check the address',
  },
  // RFC 3463 §3.3: X.2.2.
  'mailbox-full': {
    reject: 552,
    defer: 452,
    status: '2.2',
    token: 'full',
    sentence: 'This mailbox is full; its owner has to make room before it takes mail again',
  },
  'sender-invalid': {
    reject: 553,
    defer: 450,
    status: '1.7',
    token: 'syntax',
    sentence: 'The sender address is not a valid one',
  },
  'helo-ours': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Your server greets with a name of ours; set its own host name',
  },
  'helo-invalid': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Your server greets with something that is no host name; set its full host name',
  },
  'helo-unresolved': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Your server greets with a name that is not in the DNS; set its full host name',
  },
  'helo-foreign': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Your server greets with an address that is not its own; set its full host name',
  },
  'helo-changing': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'helo',
    sentence: 'Your server greets with ever new names; give it one',
  },
  // RFC 7372 §3.3: X.7.25.
  'no-reverse-dns': {
    reject: 550,
    defer: 450,
    status: '7.25',
    token: 'ptr',
    sentence:
      'The address of your server has no name in the DNS that leads back to it; have its reverse DNS set',
  },
  'dynamic-name': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'dynamic',
    sentence:
      'The name of your server looks like that of a dial-in line; send through your provider, or have its reverse DNS and SPF set',
  },
  // RFC 7372 §3.2: X.7.23.
  'spf-fail': {
    reject: 550,
    defer: 450,
    status: '7.23',
    token: 'spf',
    sentence:
      'The domain of the sender says that your server does not send for it (SPF); send through its own',
  },
  // RFC 7372 §3.4: X.7.26.
  'dmarc-fail': {
    reject: 550,
    defer: 451,
    status: '7.26',
    token: 'dmarc',
    sentence:
      'The domain in From asks to refuse mail that it has not signed and not sent (DMARC); send through its own server',
  },
  virus: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'virus',
    sentence: 'This message carries a virus; clean the machine it comes from',
  },
  spam: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'spam',
    sentence: 'This message looks like spam; if it is not, write differently or ask the postmaster',
  },
  listed: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'listed',
    sentence: 'Your server or domain is in a list of sources of spam; have it removed there',
  },
  'not-welcome': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'access',
    sentence: 'Mail from you to this address is not taken here; ask the postmaster',
  },
  'kept-for-postmaster': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'kept',
    sentence: 'This message is kept until the postmaster has looked at it',
  },
  'forged-bounce': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'bounce',
    sentence: 'This report is about mail that did not come from here; its sender was forged',
  },
  'slow-lane': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'slow-lane',
    sentence:
      'Mail from people not known here is looked at again after some minutes, and then delivered',
  },
  greylisted: {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'greylist',
    sentence:
      'We do not know you yet; your server will try again in a few minutes, and then it is taken',
  },
  'mostly-unknown': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'unknown-rate',
    sentence:
      'Most of those you write to are not here; clean your list of recipients and come back tomorrow',
  },
  'refuses-reports': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'reports',
    sentence:
      'Your system refuses reports of mail that it has sent; take mail with an empty sender (RFC 5321), and come back tomorrow',
  },
  'rogue-domain': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'domain',
    sentence:
      'The domain of the sender lets everybody send for it, or is one of a swarm of new ones; have its SPF record narrowed',
  },
  'bad-manners': {
    reject: 550,
    defer: 450,
    status: '5.0',
    token: 'manners',
    sentence:
      'Your server does not speak SMTP as servers do: it talks out of turn, changes its name or invents commands',
  },
  'hidden-link': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'link',
    sentence: 'A link in this message hides where it leads; write its host in plain letters',
  },
  'dangerous-attachment': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'attachment',
    sentence: 'A file in this message could run as a program; send a link to it instead',
  },
  'encrypted-attachment': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'encrypted',
    sentence:
      'An archive in this message is encrypted, so that nobody can look at the files in it; send it without a password, or a link to it',
  },
  'unreadable-message': {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'unreadable',
    sentence: 'This message could not be read to its end',
  },
  'over-limit': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'limit',
    sentence: 'More mail than this account usually sends; it is kept and looked at',
  },
  'over-quota': {
    reject: 550,
    defer: 450,
    status: '7.1',
    token: 'quota',
    sentence:
      'More mail than is agreed for this time; it is taken again later, or ask the postmaster',
  },
  evidence: {
    reject: 554,
    defer: 450,
    status: '7.1',
    token: 'held',
    sentence: 'This message is kept for a second look; see the portal',
  },
  'bare-newline': {
    reject: 554,
    defer: 450,
    status: '6.0',
    token: 'newline',
    sentence: 'Lines must end in CR LF; the message contains a bare CR or LF',
  },
  'message-too-large': {
    reject: 552,
    defer: 452,
    status: '3.4',
    token: 'size',
    sentence: 'This message is too large; a file in it is a third larger on its way than on a disk',
  },
  // RFC 3463 §3.4: X.3.4.
  'header-too-large': {
    reject: 552,
    defer: 452,
    status: '3.4',
    token: 'header',
    sentence: 'The header of this message is too large: at most 1000 fields and 256 KiB are taken',
  },
  'too-many-hops': {
    reject: 554,
    defer: 450,
    status: '4.6',
    token: 'loop',
    sentence: 'This message has been through too many servers; it looks like a loop',
  },
  'try-later': {
    reject: 554,
    defer: 451,
    status: '3.0',
    token: 'try-later',
    sentence: 'Something is out of order here; please try again later',
  },
  'storage-full': {
    reject: 552,
    defer: 452,
    status: '3.1',
    token: 'storage',
    sentence: 'There is no room to keep your message just now; please try again later',
  },
} as const satisfies Record<string, ReasonText>

export type Reason = keyof typeof REASONS
