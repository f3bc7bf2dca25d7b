// What tells a mailbox store that a message belongs into Junk: the field that SpamAssassin made usual, and that Sieve scripts,
// Dovecot's documentation and mail programs look for.

export const JUNK = 'X-Spam-Flag: YES\r\n'
