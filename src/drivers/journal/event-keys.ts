// What an event is about, as the words by which it is found again.

import type { Event } from '../../model/event.ts'
import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import type { EventKey } from '../../ports/event-index.ts'

/** What events say of whom they are about, each of them in its own field. */
type Said = Partial<{
  readonly refusal: string
  readonly message: string
  readonly subject: Subject
  readonly subjects: readonly Subject[]
  readonly subscriber: string
  readonly login: string
}>

/** Each once. */
export function keysOf(event: Event): readonly EventKey[] {
  const keys = new Set<EventKey>()
  const { refusal, message, subject, subjects = [], subscriber, login } = event as Said
  if (refusal !== undefined) keys.add(`refusal:${refusal}`)
  if (message !== undefined) keys.add(`message:${message}`)
  if (subject !== undefined) keys.add(subject)
  for (const one of subjects) keys.add(one)
  if (subscriber !== undefined) keys.add(lineOf(subscriber))
  if (login !== undefined) keys.add(loginOf(login))
  if ('who' in event) {
    const { who } = event
    keys.add(`address:${who.address}`)
    if (who.login !== undefined) keys.add(loginOf(who.login))
    if (who.subscriber !== undefined && who.sure === 'certain') keys.add(lineOf(who.subscriber))
  }
  if ('facts' in event) for (const one of event.facts?.subjects ?? []) keys.add(one)
  if ('lease' in event) keys.add(lineOf(event.lease.subscriber))
  return [...keys]
}
