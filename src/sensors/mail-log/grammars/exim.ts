// Exim's main log. Its fields come in one order (receive.c, deliver.c); an address may be a quoted text with spaces and `A=` in it, so it is read
// as RFC 5321 §4.1.2 writes it, and never by looking for the next field.

import { canonicalIp } from '../../../model/ip.ts'
import type { Grammar, LogFact, ReadFact } from '../log-fact.ts'

const ID =
  /^([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|=>|->|>>|\*>|\*\*|==|Completed|SMTP|H=|[a-zA-Z*]\S*)(?: |$)/
/** Dots, atoms and quoted parts. */
const ADDRESS = String.raw`<>|(?:"(?:[^"\\]|\\.)*"|[^\s"<>])+`
/** `H=name (greeting) [address]:port`; the greeting as Exim lets it pass unless told otherwise: without spaces and brackets within. */
const HOST = String.raw`H=(?:[^\s()[\]]+ )?(?:\((?:[^\s()]+)\) )?\[([0-9A-Fa-f:.]+)\](?::\d+)?(?: I=\[[^\s\]]+\](?::\d+)?)?`
const TLS = String.raw`(?: (?:L\.|L-|K|X=\S+|CV=\w+|DN="(?:[^"\\]|\\.)*"|SNI=(?:"(?:[^"\\]|\\.)*"|\S+)))*`
const TAKEN = new RegExp(
  `^(${ADDRESS})(?: R=\\S+)?(?: ${HOST})?(?: U=(\\S+))? P=([a-z]+)${TLS}(?: A=[^\\s:]+(?::([^\\s:]+)(?::\\S*)?)?)?(?: (?:K|PRDR))* S=(\\d+)( .*)?$`,
)
const DELIVERED = new RegExp(
  `^(?:[^\\s"<>]+ <)?(${ADDRESS})>?(?: <(${ADDRESS})>)?((?: [A-Z]\\w*=|: ).*)?$`,
)
const QUOTED = /^<"((?:[^"\\]|\\.)*)"@([^\s<>"]+)>((?: [A-Z]\w*=|: ).*)?$/
const REFUSED = new RegExp(
  `^${HOST}(?: U=\\S+)?${TLS}(?: A=\\S+)? (?:F=.* )?(?:temporarily )?rejected (.*)$`,
)
const GUESSED = new RegExp(
  String.raw`^\S+ authenticator failed for (?:[^\s()[\]]+ )?(?:\((?:[^\s()]+)\) )?\[([0-9A-Fa-f:.]+)\](?::\d+)?(?: I=\[[^\s\]]+\](?::\d+)?)?: .*$`,
)
const ENVELOPE = new RegExp(
  `F=<(|${ADDRESS})> (?:temporarily )?rejected RCPT <(${ADDRESS})>: (.*)$`,
)
/**
 * After the size a whole client, and what may follow one: with helo_accept_junk_hosts all before it may be a greeting, and it cannot be told
 * from a Message-ID or subject that is written so.
 */
const IMITATED = new RegExp(
  String.raw`\) \[[0-9A-Fa-f:.]+\](?::\d+)?(?: I=\[[^\s\]]+\](?::\d+)?)?(?: U=\S+)? P=[a-z]+${TLS}(?: A=\S+)?(?: (?:K|PRDR))* S=\d+(?: (?:M8S|RT|DS|id|T|from|for)[ =].*)?$`,
)
/** With rfc1413_query_timeout the client's machine writes all behind `U=`: there the line's own fields come once more. */
const isBehindIdent = (rest: string): boolean => {
  const again = rest.search(/ P=[a-z]+ /)
  return again >= 0 && / S=\d/.test(rest.slice(again))
}
/** Lines without a message that say nothing of one. */
const NOTHING =
  /^(?:exim \d|Start queue run|End queue run|SMTP |no (?:host name|IP address)|unexpected |TLS |daemon|pid |cwd=|Warning|lookup of|H=|\[\d|refused|SIGHUP|exim user lost|Connection|list matching|rejected |sender verify|DKIM)/

export const exim: Grammar = {
  name: 'exim',
  isOf: program => program === 'exim' || program === 'exim4',
  read: ({ text }) => {
    const found = ID.exec(text)
    if (!found) return ofConnection(text)
    const [, id = '', kind = ''] = found
    const said = text.slice(id.length + kind.length + 2)
    if (kind === '<=') return taken(id, said)
    if (kind === 'Completed') return { kind: 'removed', id }
    if (kind === '=>' || kind === '->' || kind === '>>') return delivery(id, said, 'sent')
    if (kind === '**') return delivery(id, said, 'bounced')
    if (kind === '==') return delivery(id, said, 'deferred')
    if (kind === 'H=' || kind.startsWith('H=')) return refused(text.slice(id.length + 1), id)
    return 'nothing'
  },
}

function taken(id: string, said: string): ReadFact {
  const found = TAKEN.exec(said)
  if (!found) return undefined
  const [, sender = '', host = '', user, protocol = '', login, size] = found
  const address = canonicalIp(host)
  const isLogin = login !== undefined && protocol.endsWith('a')
  const whole = { kind: 'begun', id, sender: sender === '<>' ? '' : sender } as const
  const rest = found[7] ?? ''
  if (address !== undefined && user !== undefined && isBehindIdent(rest))
    return { ...whole, size: Number(size), unsure: address }
  if (address !== undefined && IMITATED.test(rest))
    return { ...whole, size: Number(size), unsure: isLogin ? login : address }
  // A bounce of its own.
  if (address === undefined && sender === '<>') return 'nothing'
  return {
    ...whole,
    size: Number(size),
    ...(address === undefined ? {} : { address }),
    // The protocol says that there was a login: `esmtpa`, `esmtpsa`.
    ...(isLogin ? { login } : {}),
    ...(address === undefined && user !== undefined ? { user } : {}),
  }
}

function delivery(id: string, said: string, outcome: 'sent' | 'bounced' | 'deferred'): ReadFact {
  const found = said.includes(' <"') ? quoted(said) : plain(said)
  if (!found?.recipient.includes('@')) return undefined
  const { recipient, rest } = found
  const words = /^.*?: (.*)$/.exec(rest)?.[1] ?? /C="(.*)"/.exec(rest)?.[1] ?? ''
  // A sender in quotes may stand before it, and what another server said behind it.
  const hosts = [...rest.matchAll(/ H=([A-Za-z0-9.-]*)/g)]
  const relay = hosts.length === 1 ? hosts[0]?.[1]?.toLowerCase() : undefined
  const about = { id, recipient, outcome, local: hosts.length === 0, words }
  return { kind: 'delivery', ...about, ...(relay ? { relay } : {}) }
}

type Delivered = { readonly recipient: string; readonly rest: string }

function plain(said: string): Delivered | undefined {
  const found = DELIVERED.exec(said)
  if (!found) return undefined
  const [, first = '', before, rest = ''] = found
  return { recipient: before ?? first, rest }
}

/** `a b@d.example <"a b"@d.example> R=…`: what stands before it is the same without its quotes, or it is not read. */
function quoted(said: string): Delivered | undefined {
  const at = said.lastIndexOf(' <"')
  const [, local = '', domain = '', rest = ''] = QUOTED.exec(said.slice(at + 1)) ?? []
  const bare = `${local.replaceAll(/\\(.)/g, '$1')}@${domain}`
  if (domain === '' || bare.toLowerCase() !== said.slice(0, at).toLowerCase()) return undefined
  return { recipient: `"${local}"@${domain}`, rest }
}

function ofConnection(text: string): ReadFact {
  const guessed = canonicalIp(GUESSED.exec(text)?.[1] ?? '')
  if (guessed !== undefined) return { kind: 'auth', ok: false, address: guessed, times: 1 }
  return refused(text) ?? (NOTHING.test(text) ? 'nothing' : undefined)
}

function refused(text: string, id?: string): LogFact | undefined {
  const found = REFUSED.exec(text)
  const address = canonicalIp(found?.[1] ?? '')
  if (!found || address === undefined) return undefined
  const [, sender, recipient, why] = (text.split('F=<').length === 2 && ENVELOPE.exec(text)) || []
  const words = why ?? found[2] ?? ''
  return {
    kind: 'refused',
    address,
    words,
    ...(id === undefined ? {} : { id }),
    ...(sender === undefined || recipient === undefined ? {} : { sender, recipient }),
    ...(words.startsWith('after DATA') ? { message: true } : {}),
  }
}
