// What happened since the last digest, counted from events: what was decided, how it ended, and what would have been done by rules and
// evidence that only observe.

import type { Event } from '../../model/event.ts'

export type DigestCounts = Readonly<Record<string, number>>

/** Under what an event is counted, as it stands in the digest; undefined: it is not. */
export function digestLine(event: Event): string | undefined {
  switch (event.kind) {
    case 'decision-made':
      return `decided: ${event.what}`
    case 'decision-observed':
      return `would have been decided: ${event.what}`
    case 'decision-ended':
      return event.endedBy === 'stronger' ? undefined : `ended: ${event.what}, by ${event.endedBy}`
    case 'notice-sent':
      return `letters to owners: ${event.notice}`
    case 'abuse-reported':
      return 'reports of abuse to other networks'
    case 'held-settled':
      return `held mail: ${event.outcome}`
    case 'judged': {
      const would = event.observed ? 'would have been' : 'was'
      return `mail ${would} ${VERDICTS[event.verdict]} by the rule ${event.rule}`
    }
    case 'episode-decided':
      return event.shadow
        ? `would have been decided by evidence by episodes: ${event.decision}`
        : undefined
    case 'mail-paced':
      return event.shadow ? 'mail would have waited for the window' : 'mail waited for the window'
    case 'alarm-raised':
      return `alarm: ${event.alarm}`
    default:
      return undefined
  }
}

const VERDICTS = {
  reject: 'rejected',
  defer: 'deferred',
  hold: 'held',
  discard: 'discarded',
} as const

/** Lines of the digest: what was decided first, what would have been done last. */
export function digestLines(counts: DigestCounts): readonly string[] {
  const rows = Object.entries(counts)
  const would = rows.filter(([line]) => line.includes('would have'))
  const did = rows.filter(([line]) => !line.includes('would have'))
  const shown = [...did.toSorted(byName), ...would.toSorted(byName)]
  return shown.length === 0
    ? ['Nothing was decided, held or refused.']
    : shown.map(([line, count]) => `${line}: ${count}`)
}

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  a < b ? -1 : 1
