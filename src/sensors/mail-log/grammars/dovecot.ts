// Dovecot's lines of logins: who logged in, from where, and how often a password was wrong. The names of failed logins are strangers' words and
// are not read.

import { canonicalIp } from '../../../model/ip.ts'
import type { Grammar } from '../log-fact.ts'

const LOGGED_IN =
  /^(?:imap|pop3|submission|managesieve)-login: (?:Info: )?Login: user=<([^<>\s]+)>, method=[A-Z0-9-]+, rip=([0-9A-Fa-f:.]+), lip=\S+, .*$/
const FAILED =
  /^(?:imap|pop3|submission|managesieve)-login: (?:Info: )?(?:Disconnected|Aborted login|Login aborted)[^<]*\(auth failed, (\d+) attempts(?: in \d+ secs)?\)[^<]*: user=<[^<>]*>(?:, method=[A-Z0-9-]+)?, rip=([0-9A-Fa-f:.]+), .*$/

export const dovecot: Grammar = {
  name: 'dovecot',
  isOf: program => program === 'dovecot',
  read: ({ text }) => {
    const [, login, from = ''] = LOGGED_IN.exec(text) ?? []
    const address = canonicalIp(from)
    if (login !== undefined && address !== undefined)
      return { kind: 'auth', ok: true, address, login, times: 1 }
    const [, times, guesser = ''] = FAILED.exec(text) ?? []
    const guessedFrom = canonicalIp(guesser)
    if (guessedFrom !== undefined)
      return { kind: 'auth', ok: false, address: guessedFrom, times: Number(times) }
    return 'nothing'
  },
}
