// Postfix's lines, by the program that writes them. Every pattern begins at the beginning and ends at the end; where a stranger's text stands
// between two fields that it could imitate, a line in which both readings fit is not read.

import { canonicalIp } from '../../../model/ip.ts'
import { isBeside } from '../beside.ts'
import type { Grammar, LogFact, ReadFact } from '../log-fact.ts'

/** `NAME[ADDRESS]`, `:PORT` with smtpd_client_port_logging: the name is from the DNS and has no brackets. */
const PEER = String.raw`[^\s[\]]*\[([^\s\][]+)\](?::\d+|:unknown)?`

const BEGINS = new RegExp(
  `^client=${PEER}(?:, sasl_method=[^\\s,]+, sasl_username=(.*?))?(?:, sasl_sender=.*?)?(?:, orig_queue_id=[0-9A-Za-z]+)?(?:, orig_client=.*)?$`,
)
const DISCONNECT = new RegExp(`^disconnect from ${PEER}((?: [a-z]+=\\d+(?:/\\d+)?)*)$`)
const SASL_FAILED = new RegExp(
  `^warning: ${PEER}: SASL [A-Za-z0-9_-]+ authentication (?:failed|aborted)(?:: .*)?$`,
)
const REJECT = new RegExp(`^(?:milter-)?reject: ([A-Z-]+)(?: command)? from ${PEER}: (.*)$`)
const ENVELOPE = /^(.*); from=<(.*)> to=<(.*)> proto=[A-Z]+ helo=<[^\s<>]*>$/
const QUEUED = /^from=<(.*)>, size=(\d+), nrcpt=(\d+) \(queue active\)$/
const PICKED_UP = /^uid=(\d+) from=<.*>$/
const DELIVERY =
  /^to=<(.*)>, relay=([^\s,]+)(?:, conn_use=\d+)?, delay=[\d.]+, delays=[\d./]+, dsn=(\d\.\d+\.\d+), status=(\w+) \((.*)\)$/
/** What no recipient may imitate: twice in a line, it cannot be told which is Postfix's. */
const STATUS = /, delays=[\d./]+, dsn=\d\.\d+\.\d+, status=\w+ \(/g
const MESSAGE_ID = /^(?:resent-)?message-id=(.*)$/

const ORIGINAL = '>, orig_to=<'

const AGENTS: ReadonlySet<string> = new Set([
  'smtp',
  'relay',
  'lmtp',
  'local',
  'virtual',
  'pipe',
  'error',
  'retry',
  'discard',
])
const LOCAL: ReadonlySet<string> = new Set(['lmtp', 'local', 'virtual', 'pipe'])
/** Their lines say nothing of a message, or it is said elsewhere, too. */
const SAY_NOTHING: ReadonlySet<string> = new Set(
  'master anvil tlsmgr scache postscreen dnsblog verify tlsproxy trivial-rewrite bounce showq flush proxymap postlogd postfix-script postlog postqueue postdrop sendmail script spawn policy-spf postsuper'.split(
    ' ',
  ),
)
const SMTPD_NOTHING =
  /^(?:connect from |lost connection |timeout |warning: |improper |too many |SSL_accept |Anonymous TLS |Untrusted TLS |Trusted TLS |Verified TLS |proxy-accept|NOQUEUE: (?:filter|hold|warn|discard|redirect|client=|lost|info|replace|prepend|client)|statistics|initializing|setting up|Server TLS|TLS SNI|table |fatal: |auxpropfunc|using backwards|generating)/
const ANY_NOTHING =
  /^(?:warning: |host |connect to |Untrusted TLS |Trusted TLS |Anonymous TLS |Verified TLS |SSL_connect |certificate |statistics|table |fatal: |panic: |error: |using backwards|generating|Server certificate|name_mask|initializing|CLIENT|dict_)/

export const postfix: Grammar = {
  name: 'postfix',
  isOf: program => program.startsWith('postfix'),
  read: ({ program, text }) => {
    const agent = program.slice(program.lastIndexOf('/') + 1)
    if (SAY_NOTHING.has(agent)) return 'nothing'
    const id = idOf(text)
    if (id === '' || id === 'NOQUEUE' || id === 'warning' || id === 'fatal')
      return agent === 'smtpd' ? ofConnection(text) : ANY_NOTHING.test(text) ? 'nothing' : undefined
    return ofMessage(agent, id, text.slice(id.length + 2))
  },
}

/** `4F100C350: …`: 5 to 32 letters and digits; empty without one. */
function idOf(text: string): string {
  let end = 0
  while (end <= LONGEST_ID && isIdPart(text.charCodeAt(end))) end++
  const isId = end >= SHORTEST_ID && end <= LONGEST_ID && text.startsWith(': ', end)
  return isId ? text.slice(0, end) : ''
}

const [SHORTEST_ID, LONGEST_ID] = [5, 32]

const isIdPart = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)

function ofMessage(agent: string, id: string, said: string): ReadFact {
  if (agent === 'smtpd') return begins(id, said) ?? reject(said, id)
  if (agent === 'qmgr' || agent === 'oqmgr') return ofQueue(id, said)
  if (agent === 'cleanup') return ofCleanup(id, said)
  if (agent === 'pickup') {
    const user = PICKED_UP.exec(said)?.[1]
    return user === undefined ? undefined : { kind: 'begun', id, user }
  }
  return AGENTS.has(agent) ? delivery(agent, id, said) : undefined
}

function begins(id: string, said: string): LogFact | undefined {
  const found = said.startsWith('client=') ? BEGINS.exec(said) : null
  const address = canonicalIp(found?.[1] ?? '')
  if (!found || address === undefined) return undefined
  const login = found[2]
  return { kind: 'begun', id, address, ...(login ? { login } : {}) }
}

function ofQueue(id: string, said: string): ReadFact {
  if (said === 'removed') return { kind: 'removed', id }
  const [, sender, size, recipients] = QUEUED.exec(said) ?? []
  if (sender !== undefined)
    return { kind: 'queued', id, sender, size: Number(size), recipients: Number(recipients) }
  // Each recipient has lines of its own.
  return /^from=<.*>, status=[\w-]+, .*$/.test(said) ||
    /^(?:skipped|to=<.*>, relay=none)/.test(said)
    ? 'nothing'
    : undefined
}

function ofCleanup(id: string, said: string): ReadFact {
  const messageId = MESSAGE_ID.exec(said)?.[1]
  if (messageId !== undefined) return { kind: 'message-id', id, messageId }
  if (said.startsWith('milter-reject: ')) return reject(said, id)
  return /^(?:warning|info|reject|hold|discard|redirect|replace|prepend|filter|milter-\w+|strip|ignore): /.test(
    said,
  )
    ? 'nothing'
    : undefined
}

function delivery(agent: string, id: string, said: string): ReadFact {
  const found = DELIVERY.exec(said)
  if (!found)
    return /^(?:host|enabling|conversation|lost|to=<.*>, relay=none)/.test(said)
      ? 'nothing'
      : undefined
  if (saysTwice(said, ', delays=') && (said.match(STATUS)?.length ?? 0) > 1) return undefined
  const [, to = '', relay = '', , status, words = ''] = found
  const outcome =
    status === 'sent' || status === 'delivered' || status === 'deliverable'
      ? 'sent'
      : status === 'bounced' || status === 'undeliverable' || status === 'expired'
        ? 'bounced'
        : 'deferred'
  const near = nearOf(relay)
  const [name] = /^[A-Za-z0-9.-]+(?=\[)/.exec(relay) ?? []
  return {
    kind: 'delivery',
    id,
    // `orig_to` is the recipient before aliases.
    recipient: to.slice(
      to.lastIndexOf(ORIGINAL) < 0 ? 0 : to.lastIndexOf(ORIGINAL) + ORIGINAL.length,
    ),
    outcome,
    local: LOCAL.has(agent),
    words,
    ...(near ? { near } : {}),
    ...(name ? { relay: name.toLowerCase() } : {}),
  }
}

const saysTwice = (said: string, what: string): boolean =>
  said.indexOf(what) !== said.lastIndexOf(what)

/** An amavis, rspamd proxy or LMTP server: on this machine or in a private network. */
function nearOf(relay: string): string | undefined {
  const [, at = ''] = /\[([^\][]+)\](?::\d+)?$/.exec(relay) ?? []
  if (at.startsWith('private/') || at.startsWith('/')) return 'socket'
  const address = canonicalIp(at)
  return address !== undefined && isBeside(address) ? address : undefined
}

function ofConnection(text: string): ReadFact {
  if (text.startsWith('NOQUEUE: ')) {
    const found = reject(text.slice(9))
    if (found) return found
  }
  // Without a fraction no password was wrong.
  if (text.startsWith('disconnect from '))
    return text.includes('/') ? disconnected(text) : 'nothing'
  const failed = canonicalIp(SASL_FAILED.exec(text)?.[1] ?? '')
  // Told of once more, and counted, when it disconnects.
  if (failed !== undefined) return 'nothing'
  return SMTPD_NOTHING.test(text) ? 'nothing' : undefined
}

/** `auth=1/3`: right ones, of all. */
function disconnected(text: string): ReadFact {
  const found = DISCONNECT.exec(text)
  const address = canonicalIp(found?.[1] ?? '')
  if (!found || address === undefined) return SMTPD_NOTHING.test(text) ? 'nothing' : undefined
  const [, right = '0', all = right] = / auth=(\d+)(?:\/(\d+))?(?: |$)/.exec(found[2] ?? '') ?? []
  const wrong = Number(all) - Number(right)
  return wrong > 0 ? { kind: 'auth', ok: false, address, times: wrong } : 'nothing'
}

function reject(said: string, id?: string): LogFact | undefined {
  const found = REJECT.exec(said)
  const address = canonicalIp(found?.[2] ?? '')
  if (!found || address === undefined) return undefined
  const [, stage = '', , all = ''] = found
  // A sender, recipient or greeting that imitates what follows it makes two of these.
  const isPlain = all.split('; from=<').length === 2 && all.split('> to=<').length === 2
  const [, words = all, sender, recipient] = (isPlain && ENVELOPE.exec(all)) || []
  return {
    kind: 'refused',
    address,
    words,
    ...(id === undefined ? {} : { id }),
    ...(sender === undefined || recipient === undefined ? {} : { sender, recipient }),
    ...(stage === 'END-OF-MESSAGE' ? { message: true } : {}),
  }
}
