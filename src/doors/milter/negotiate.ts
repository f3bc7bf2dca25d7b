// The first packet: which changes a mail server lets us make, and which of its steps it need not tell or wait for. Only what it
// offers is taken.

import type { Packet, Reply } from './codec.ts'
import type { Offered } from './replies.ts'

const ADD_HEADERS = 0x01
const CHANGE_HEADERS = 0x10
const QUARANTINE = 0x20
const VERSION = 6
const LEADING_SPACE = 1 << 20
/** Which macros are sent is said by us (SMFIF_SETSYMLIST). */
const MACROS = 0x100
/**
 * All that is read at a step, for the server's own list of that step is not sent then: an administrator may have shortened it. `i` is the
 * server's name of the message, told at the latest before its end. Without a login each customer would be a stranger.
 */
const OURS = [
  { before: 2, names: 'i {auth_authen} {tls_version}' },
  { before: 4, names: 'i' },
  { before: 5, names: 'i' },
] as const
/** The server need not send unknown commands. It sends DATA, because its macros have the message's name. */
const NOT_SENT = 1 << 8
/** Packets that need no answer: each saves a round trip. */
const UNANSWERED: readonly (readonly [number, Packet['kind']])[] = [
  [1 << 7, 'header'],
  [1 << 12, 'connect'],
  [1 << 16, 'data'],
  [1 << 18, 'end-of-header'],
  [1 << 19, 'body'],
]

export type Agreed = {
  readonly offered: Offered
  /** Kinds of packets the server wants no answer to. */
  readonly unanswered: ReadonlySet<Packet['kind']>
  readonly reply: Reply
}

export function negotiate(offer: Extract<Packet, { kind: 'negotiate' }>): Agreed {
  const headers = (offer.actions & ADD_HEADERS) !== 0 && (offer.actions & CHANGE_HEADERS) !== 0
  const quarantine = (offer.actions & QUARANTINE) !== 0
  const leadingSpace = (offer.steps & LEADING_SPACE) !== 0
  const unanswered = UNANSWERED.filter(([bit]) => (offer.steps & bit) !== 0)
  const asksMacros = (offer.actions & MACROS) !== 0
  const actions =
    (headers ? ADD_HEADERS | CHANGE_HEADERS : 0) |
    (quarantine ? QUARANTINE : 0) |
    (asksMacros ? MACROS : 0)
  const steps = unanswered.reduce(
    (bits, [bit]) => bits | bit,
    offer.steps & (NOT_SENT | LEADING_SPACE),
  )
  return {
    offered: { headers, quarantine, leadingSpace },
    unanswered: new Set(unanswered.map(([, kind]) => kind)),
    reply: {
      kind: 'negotiate',
      version: Math.min(VERSION, offer.version),
      actions,
      steps,
      macros: asksMacros ? OURS : [],
    },
  }
}
