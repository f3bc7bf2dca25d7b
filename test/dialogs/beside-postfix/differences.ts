// Where Cordon answers otherwise than Postfix, and why. A dialogue that is not here is answered alike; one that is here and is answered
// alike makes the test red, too.

const NO_DOMAIN =
  'An address has a domain. Postfix adds its own, and makes a local address of a foreign name'
const TWO_READINGS =
  'Read as another address by some servers (RFC 5321 §4.1.2 has no such form), and whose it is, is what is judged here'
const OBSOLETE = 'RFC 5322 §4.4 asks that no program write it, and RFC 5321 §4.1.2 does not know it'
const CONTROL = 'RFC 5321 §4.1.2: no control characters'
const DASH =
  'More tolerant: Postfix keeps programs from taking it for an option, and none is started here with an address'
const SLOPPY = 'No program is known that writes it; Postfix guesses what was meant'
const ENDLESS = 'At most 1,000 octets: longer than any tag or token in use'
const ROLE =
  'More tolerant: a sender that was refused reaches a person, also where only our host name is known (RFC 5321 §4.5.1, RFC 2142 §4)'
const XTEXT = 'RFC 4954 §5: `<>`, or an address in xtext'
const TWICE = 'Each may be written once (RFC 1869 §6.1): which of the two counts?'
const BARE =
  'Lines end in CR LF alone (RFC 5321 §2.3.8): what is not one line for all is a way to smuggle'

export const DIFFERENCES: Readonly<Record<string, string>> = {
  'MAIL FROM:<@meadow.example>': SLOPPY,
  'RCPT TO:<@meadow.example>': SLOPPY,
  'MAIL FROM:<ann>': NO_DOMAIN,
  'RCPT TO:<ann>': NO_DOMAIN,
  'MAIL FROM:<postmaster>': NO_DOMAIN,
  'from outside: a sender of one word': NO_DOMAIN,
  'MAIL FROM:<ann@b@meadow.example>': TWO_READINGS,
  'RCPT TO:<ann@b@meadow.example>': TWO_READINGS,
  'MAIL FROM:<copper.example!ann>': TWO_READINGS,
  'RCPT TO:<copper.example!ann>': TWO_READINGS,
  'MAIL FROM:<ann(remark)@meadow.example>': TWO_READINGS,
  'RCPT TO:<ann(remark)@meadow.example>': TWO_READINGS,
  'MAIL FROM:<Ann <ann@meadow.example>>': TWO_READINGS,
  'RCPT TO:<Ann <ann@meadow.example>>': TWO_READINGS,
  'MAIL FROM:<"an"."na"@meadow.example>': OBSOLETE,
  'RCPT TO:<"an"."na"@meadow.example>': OBSOLETE,
  'MAIL FROM:<an\\na@meadow.example>': OBSOLETE,
  'RCPT TO:<an\\na@meadow.example>': OBSOLETE,
  'MAIL FROM:<an\\x01na@meadow.example>': CONTROL,
  'RCPT TO:<an\\x01na@meadow.example>': CONTROL,
  'MAIL FROM:<-ann@meadow.example>': DASH,
  'RCPT TO:<-ann@meadow.example>': DASH,
  'MAIL FROM:<<ann@meadow.example>>': SLOPPY,
  'RCPT TO:<<ann@meadow.example>>': SLOPPY,
  'MAIL FROM:ann@meadow.example>': SLOPPY,
  'RCPT TO:ann@meadow.example>': SLOPPY,
  'MAIL FROM:<xxxxxxxxxxx… (1517 octets)': ENDLESS,
  'RCPT TO:<xxxxxxxxxxx… (1517 octets)': ENDLESS,
  'from outside: MAIL FROM:ann@meadow.example':
    'Brackets are left out by printers, which are on a trusted network; a client that leaves them out elsewhere is no mail server',
  'from outside: RCPT TO:<postmaster@mx.postfix.example>': ROLE,
  'from outside: RCPT TO:<abuse@mx.postfix.example>': ROLE,
  'from outside: RCPT TO:<abuse@postfix.example>': ROLE,
  'from outside: RCPT TO:<abuse>': ROLE,
  'from outside: RCPT TO:<"abuse">': ROLE,
  'AUTH= of nothing': XTEXT,
  'AUTH= that is no xtext': XTEXT,
  'HTTP/2': 'The preface of HTTP/2 is as much HTTP as GET is: the session ends',
  'SIZE twice': TWICE,
  'BODY twice': TWICE,
  'SMTPUTF8 twice': TWICE,
  'an address in UTF-8 without SMTPUTF8':
    'RFC 6531 §3.2: a client that does not announce it may not be able to take the report about it',
  'a line of 40,000 octets': 'A line with more than 12,288 octets is no command',
  'VRFY of nothing in brackets': 'More tolerant: VRFY looks no user up',
  'a command that ends in LF alone': BARE,
  'a command with a bare CR': BARE,
  'a space in front': 'A command begins its line; what does not is the middle of something else',
  'MAIL before EHLO':
    'RFC 5321 §4.1.4 asks for a greeting; Postfix has smtpd_helo_required for it, off as it comes',
  'HELP with a word': 'More tolerant: RFC 5321 §4.1.1.8',
  HELP: 'More tolerant: RFC 5321 §4.1.1.8',
  'ETRN meadow.example': 'Not offered: no queue is run on demand (RFC 1985)',
}
