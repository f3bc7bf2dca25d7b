// OpenSMTPD's lines: a session has an address and perhaps a login, a message belongs to a session, an envelope (`evpid`) to a message.

import { canonicalIp } from '../../../model/ip.ts'
import type { Grammar, ReadFact } from '../log-fact.ts'

const SESSION = /^([0-9a-f]{16}) (smtp|mta|mda) ([a-z-]+)(?: (.*))?$/
/** A program of this machine, of any user: whose it is, is not said. */
const LOCAL = /^address=local host=\S+$/
const CONNECTED = /^address=([0-9A-Fa-f:.]+|\[[0-9A-Fa-f:.]+\]) host=\S+$/
/** A user's name has no spaces here: what has some is not read. */
const LOGGED_IN = /^user=([^\s=]+) (?:address=\S+ host=\S+ )?result=ok$/
const MESSAGE = /^(?:address=\S+ host=\S+ )?msgid=([0-9a-f]{8}) .*$/
const DELIVERY =
  /^evpid=([0-9a-f]{8})[0-9a-f]{8} from=<.*> to=<(.*)> rcpt=<.*> (?:source="[^"]*" )?(?:relay="[^"]*" |user=\S+ )?(?:method=\S+ )?delay=\S+ result="?(\w+)"? stat="?(.*?)"?$/
const ENVELOPES = ' delay='

export const opensmtpd: Grammar = {
  name: 'opensmtpd',
  isOf: program => program === 'smtpd',
  read: ({ text }) => {
    const found = SESSION.exec(text)
    if (!found) return 'nothing'
    const [, session = '', part, event = '', said = ''] = found
    return part === 'smtp' ? ofSession(session, event, said) : delivery(part === 'mda', event, said)
  },
}

function ofSession(session: string, event: string, said: string): ReadFact {
  if (event === 'connected') {
    if (LOCAL.test(said)) return { kind: 'session', session, user: 'local' }
    const address = canonicalIp((CONNECTED.exec(said)?.[1] ?? '').replaceAll(/[[\]]/g, ''))
    return address === undefined ? undefined : { kind: 'session', session, address }
  }
  if (event === 'authentication') {
    const login = LOGGED_IN.exec(said)?.[1]
    return login === undefined ? 'nothing' : { kind: 'session', session, login }
  }
  if (event === 'message') {
    const id = MESSAGE.exec(said)?.[1]
    return id === undefined ? undefined : { kind: 'of-session', session, id }
  }
  return event === 'disconnected' ? { kind: 'session', session, ended: true } : 'nothing'
}

function delivery(local: boolean, event: string, said: string): ReadFact {
  if (event !== 'delivery') return 'nothing'
  const found = DELIVERY.exec(said)
  if (!found || said.split(ENVELOPES).length > 2) return undefined
  const [, id = '', recipient = '', result, words = ''] = found
  const outcome = result === 'Ok' ? 'sent' : result === 'PermFail' ? 'bounced' : 'deferred'
  return { kind: 'delivery', id, recipient, outcome, local, words }
}
