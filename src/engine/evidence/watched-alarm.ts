// The operator is told of a sender whose mail Cordon only reads of in a log: nothing there can be held or stopped from here.

import type { EventOf, NewEvent } from '../../model/event.ts'
import type { EpisodeDecision } from '../../model/episode.ts'

const WOULD: Partial<Record<EpisodeDecision, string>> = {
  hold: 'its mail would be held',
  'refuse-network': 'it would be refused from one network',
  'stop-login': 'it would be stopped',
}

/** `told`: what is decided is another than before. */
export function watchedAlarm({
  at,
  subject: about,
  decision,
  sum,
  kinds,
}: Pick<EventOf<'episode-decided'>, 'at' | 'subject' | 'decision' | 'sum' | 'kinds'>):
  | NewEvent
  | undefined {
  const would = WOULD[decision]
  if (would === undefined) return undefined
  const words = `${would}, by ${sum.toFixed(1)} nats (${kinds.join(', ')}). Its mail server does not ask Cordon: stop it there (cordon who-spams prints the commands), and change the password`
  return { kind: 'alarm-raised', alarm: 'watched-sender', at, about, words }
}
