// What evidence by episodes says of a subject, in the lines of `cordon evidence`.

import type { EpisodeView, WindowBucket } from '../model/episode.ts'
import { when } from './table.ts'

/** What is counted, as staff read it: of how many, and what they were. */
const COLUMNS: Readonly<Record<string, string>> = {
  firstTimers: 'recipients never written to before',
  spamToNew: 'scanned messages to such recipients judged spam',
  spamToKnown: 'other scanned messages judged spam',
  unknownUsers: 'answers for new recipients that say: no such user',
  refusals: 'other answers that refuse as spam',
}

export const BUCKETS: Readonly<Record<WindowBucket, string>> = {
  known: 'to known people',
  new: 'to new people',
  'spam-to-known': 'judged spam, to known people',
  'spam-to-new': 'judged spam, to new people or from a new network',
}

export type EpisodesTold = EpisodeView | { readonly failed: string }

export function episodeWords(told: EpisodesTold): string {
  if ('failed' in told) return `episodes: cannot be read (${told.failed})`
  const { since, last, seen, explained, kinds, decision, shadow, decides } = told
  const span = since === undefined || last === undefined ? '' : `${when(since)} to ${when(last)}`
  const nats = (value: number) => value.toFixed(1)
  const counts = Object.entries(seen)
    .filter(([, [tried]]) => tried > 0)
    .map(([name, [tried, hit]]) => `  ${hit} of ${tried} ${COLUMNS[name] ?? name}`)
  const classes = explained.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`)
  return [
    `episodes (${decides ? 'they decide: window, holds, refusals and stops are in force' : shadow ? 'shadow: nothing is restricted by them' : 'their window is in force; nothing else is restricted by them'})`,
    ...(span === '' ? [] : [`  last episode: ${span}`]),
    ...counts,
    `  S ${nats(told.sum)}, z ${nats(told.z)}, X ${nats(told.suspicion)} nats; kinds: ${kinds.join(', ') || 'none'}`,
    `  a bot explains this episode e^${nats(told.z)} times as well as a clean subject; if the subject is clean: ${classes.join(', ')}`,
    `  decision: ${decision}`,
    ...waitingWords(told),
  ].join('\n')
}

/** What waits, and until when. */
export const waitingWords = ({ waits, shadow }: EpisodeView): readonly string[] =>
  waits.map(
    ({ bucket, recipients, until, returns }) =>
      `  ${shadow ? 'would wait' : 'waits'}: ${recipients} recipients ${BUCKETS[bucket]}, ${returns ? `until nothing more of the kind is seen for a while; the first returns to its sender about ${when(until)} if it is still there` : `the last until about ${when(until)}`}`,
  )
