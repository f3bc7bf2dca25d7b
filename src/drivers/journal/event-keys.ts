// What an event is about, as the words by which it is found again.

import type { Event, EventOf } from '../../model/event.ts'
import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import type { EventKey } from '../../ports/event-index.ts'

/** What events say of their subject, each of them in its own field. */
type Said = Partial<{
  readonly refusal: string
  readonly message: string
  readonly subject: Subject
  readonly subjects: readonly Subject[]
  readonly subscriber: string
  readonly login: string
  readonly address: string
}>

/** Recipients of one refused message by which it is found. */
const MAX_RECIPIENTS = 20

/** Keys of a refused message: its sender, its recipients and its Message-ID. */
function refusedKeys({ step, saw }: EventOf<'step-judged'>): EventKey[] {
  const { sender, recipient, recipients = [] } = step
  const people = [sender, recipient, ...recipients.slice(0, MAX_RECIPIENTS)]
  return [
    ...people.filter(one => one !== undefined && one !== '').map((one): EventKey => `mail:${one}`),
    ...(saw?.messageId === undefined ? [] : [`message-id:${saw.messageId}` as const]),
  ]
}

const complaintKeys = ({
  complaint: { message, login, subscriber, address },
}: EventOf<'complaint-received'>): readonly EventKey[] => [
  ...(message === undefined ? [] : [`message:${message}` as const]),
  ...(login === undefined ? [] : [loginOf(login)]),
  ...(subscriber === undefined ? [] : [lineOf(subscriber)]),
  ...(address === undefined ? [] : [`address:${address}` as const]),
]

/** Maybe twice. */
export function keysOf(event: Event): readonly EventKey[] {
  const keys: EventKey[] = []
  const { refusal, message, subject, subjects, subscriber, login, address } = event as Said
  if (refusal !== undefined) keys.push(`refusal:${refusal}`)
  if (message !== undefined) keys.push(`message:${message}`)
  if (subject !== undefined) keys.push(subject)
  if (subjects !== undefined) keys.push(...subjects)
  if (subscriber !== undefined) keys.push(lineOf(subscriber))
  if (address !== undefined && address !== '') keys.push(`address:${address}`)
  if (login !== undefined) keys.push(loginOf(login))
  if ('who' in event) {
    const { who } = event
    keys.push(`address:${who.address}`)
    if (who.login !== undefined) keys.push(loginOf(who.login))
    if (who.subscriber !== undefined && who.sure === 'certain') keys.push(lineOf(who.subscriber))
  }
  if (event.kind === 'step-judged' && event.refusal !== undefined) keys.push(...refusedKeys(event))
  if ('facts' in event) keys.push(...(event.facts?.subjects ?? []))
  if (event.kind === 'list-changed') keys.push(`address:${event.prefix.replace(/\/\d+$/, '')}`)
  if (event.kind === 'complaint-received') keys.push(...complaintKeys(event))
  if (event.kind === 'abuse-reported')
    keys.push(...event.addresses.map((one): EventKey => `address:${one}`))
  if ('lease' in event) keys.push(lineOf(event.lease.subscriber))
  return keys
}
