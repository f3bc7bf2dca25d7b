// Sendmail's lines. The login stands in a line of the process before the message's own: they are joined by the process.

import { canonicalIp } from '../../../model/ip.ts'
import type { Grammar, ReadFact } from '../log-fact.ts'

const ID = /^([0-9A-Za-z]{12,20}): /
/** `relay=` is the last field of these lines, and its address what the client has. */
const RELAY = String.raw`relay=[^,]*?\[(?:IPv6:)?([0-9A-Fa-f:.]+)\](?: \(may be forged\))?`
const AUTH = new RegExp(`^AUTH=server, ${RELAY}, authid=([^\\s,]+), mech=[A-Z0-9-]+, bits=\\d+$`)
const TAKEN = new RegExp(
  `^from=(.*), size=(\\d+), class=-?\\d+, nrcpts=(\\d+),(?: msgid=.*,)? (?:bodytype=\\w+, )?proto=(\\w+), daemon=\\S+, (?:tls_verify=\\w+, )?(?:auth=[\\w-]+, )?${RELAY}$`,
)
const HANDED_IN =
  /^from=(.*), size=(\d+), class=-?\d+, nrcpts=(\d+),(?: msgid=.*,)? relay=([a-z_][\w-]*)@localhost$/
const DELIVERY =
  /^to=(.*), delay=[\d:+]+, xdelay=[\d:+]+, mailer=(\w+), pri=\d+, (?:relay=[^,]*, )?dsn=\d\.\d+\.\d+, (?:reply=.*, )?stat=(.*)$/
const PLAIN = ', mailer='

export const sendmail: Grammar = {
  name: 'sendmail',
  isOf: program => program === 'sendmail' || program === 'sm-mta' || program === 'sm-msp-queue',
  read: ({ pid, text }) => {
    const [, from = '', login] = AUTH.exec(text) ?? []
    const address = canonicalIp(from)
    if (login !== undefined && address !== undefined)
      return { kind: 'session', session: pid, address, login }
    const [whole = '', id = ''] = ID.exec(text) ?? []
    if (id === '') return 'nothing'
    return ofMessage(id, text.slice(whole.length))
  },
}

function ofMessage(id: string, said: string): ReadFact {
  if (said.startsWith('to=')) return delivery(id, said)
  if (!said.startsWith('from=')) return 'nothing'
  const [, sender = '', size, recipients, , host = ''] = TAKEN.exec(said) ?? []
  const address = canonicalIp(host)
  const whole = { id, size: Number(size), recipients: Number(recipients) }
  if (address !== undefined) return { kind: 'begun', address, sender: bare(sender), ...whole }
  const [, from, bytes, many, user] = HANDED_IN.exec(said) ?? []
  if (user === undefined || from === undefined) return undefined
  const own = { id, user, sender: bare(from), size: Number(bytes), recipients: Number(many) }
  return { kind: 'begun', ...own }
}

function delivery(id: string, said: string): ReadFact {
  const found = DELIVERY.exec(said)
  if (!found || said.split(PLAIN).length > 2) return undefined
  const [, to = '', mailer = '', status = ''] = found
  const outcome = status.startsWith('Sent')
    ? 'sent'
    : /^(?:Deferred|queued)/.test(status)
      ? 'deferred'
      : 'bounced'
  const isLocal = mailer === 'local' || mailer === 'prog'
  return {
    kind: 'delivery',
    id,
    recipient: bare(to.split(', ctladdr=')[0] ?? ''),
    outcome,
    local: isLocal,
    words: status,
  }
}

const bare = (path: string): string => path.replace(/^<(.*)>$/, '$1')
