// What evidence by episodes decides, or in shadow would, for Prometheus.

import { Counter, type Registry } from 'prom-client'
import type { EpisodeEvent } from '../../model/episode-event.ts'

type Counting = {
  readonly [K in EpisodeEvent['kind']]: (event: Extract<EpisodeEvent, { kind: K }>) => void
}

export function episodeMetrics(registry: Registry): Counting {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `cordon_${name}`, help, labelNames, registers: [registry] })
  const decisions = counter(
    'episode_decisions_total',
    'Changes of what evidence by episodes decides; only with evidence.episodes: decide anything is restricted by it',
    ['decision', 'subject'],
  )
  const paced = counter(
    'episode_paced_total',
    'Times that mail of a line or login began to wait for its window, or in shadow would have',
    ['bucket'],
  )
  const letGo = counter(
    'episode_let_go_total',
    'Recipients that left the window of their sender, at once or after they waited',
    ['bucket', 'waited'],
  )
  const damaged = counter(
    'episode_records_begun_anew_total',
    'Records of evidence by episodes that could not be read',
    [],
  )
  const words = counter(
    'episode_words_total',
    'What owners and staff said of mail that waits, mailings that they announced and windows that staff opened',
    ['said', 'by'],
  )
  return {
    'episode-decided': ({ decision, subject }) =>
      decisions.inc({ decision, subject: subject.slice(0, subject.indexOf(':')) }),
    'mail-paced': ({ bucket }) => paced.inc({ bucket }),
    'mail-let-go': ({ bucket, recipients, waited }) =>
      letGo.inc({ bucket, waited: waited > 0 ? 'yes' : 'no' }, recipients),
    'word-given': ({ said, by }) => words.inc({ said, by }),
    'episode-begun-anew': () => damaged.inc(),
  }
}
