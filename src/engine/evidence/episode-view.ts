// A record of evidence by episodes as staff see it: what was seen, what explains it, what would be decided.

import { decide } from '../../core/detection/episodes/decide.ts'
import { posterior } from '../../core/detection/episodes/mixture.ts'
import { COLUMNS, type SubjectRecord } from '../../core/detection/episodes/state.ts'
import { CLEAN } from '../../core/detection/episodes/tables.ts'
import { kindsOf, seenOf, suspicion } from '../../core/detection/episodes/weigh-episode.ts'
import type { EpisodeSubject, EpisodeView } from '../../model/episode.ts'

/** A class that explains less is not named. */
const LEAST_SHARE = 0.02

export function episodeView(
  subject: EpisodeSubject,
  record: SubjectRecord,
  waits: EpisodeView['waits'],
): EpisodeView {
  const { numbers, tried, hit } = record
  const shares = posterior(seenOf(record), record.prior)
  const explained = CLEAN.map(({ name }, j) => ({ name, share: shares[j] ?? 0 }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .toSorted((a, b) => b.share - a.share)
  return {
    subject,
    decision: decide(record),
    sum: numbers.sum,
    z: numbers.z,
    suspicion: suspicion(record),
    kinds: kindsOf(record),
    ...(numbers.episodeFrom > 0 ? { since: numbers.episodeFrom, last: numbers.episodeLast } : {}),
    seen: Object.fromEntries(COLUMNS.map((name, k) => [name, [tried[k] ?? 0, hit[k] ?? 0]])),
    explained,
    waits,
  }
}
