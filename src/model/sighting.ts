// What a machine of another network was seen to do here: what a report of abuse to that network says.

/**
 * `trap`: it wrote to an address that was never given out; `decoy`: it handed mail to a decoy; `virus` and `spam`: what the scanner found in
 * its mail.
 */
export const SEEN = ['trap', 'decoy', 'virus', 'spam'] as const
export type SightingKind = (typeof SEEN)[number]

/** How a report is written for programs: XARF 4, or RFC 5965. */
export const REPORT_FORMATS = ['xarf', 'arf'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** The last message or connection of it; nothing that its sender chose, for that may have been made for one recipient. */
export type Sample = {
  /** Of what went to a trap to the hour. */
  readonly at: number
  /** In canonical form. */
  readonly address: string
  /** Of the client; 0 where it is not known. */
  readonly port: number
  /** As the scanner calls it. */
  readonly virus?: string
}

export type Sighting = {
  /** The machine: its IPv4 address, or the IPv6 /64 that it can choose from (`sourceOf`). */
  readonly id: string
  readonly first: number
  readonly last: number
  /** How often, by kind. */
  readonly seen: { readonly [K in SightingKind]?: number }
  /** It sent a message in which the scanner found nothing, too. */
  readonly clean: boolean
  readonly sample: Sample
  /** The report in which what was seen before was told. */
  readonly told?: string
}

/** Messages that a filter takes for spam before its word alone is told to others. */
const SPAM_ENOUGH = 3

/** A trap, a decoy or a virus speaks for itself. A filter errs: its word counts for a machine that sent nothing else. */
export const isReported = ({ seen, clean }: Pick<Sighting, 'seen' | 'clean'>): boolean =>
  (seen.trap ?? 0) + (seen.decoy ?? 0) + (seen.virus ?? 0) > 0 ||
  ((seen.spam ?? 0) >= SPAM_ENOUGH && !clean)

/** What was seen before, and again. */
export function both(a: Sighting | undefined, b: Sighting): Sighting {
  if (!a) return b
  const seen: { [K in SightingKind]?: number } = { ...a.seen }
  for (const kind of SEEN) {
    const sum = (a.seen[kind] ?? 0) + (b.seen[kind] ?? 0)
    if (sum > 0) seen[kind] = sum
  }
  const sample = isBetter(a.sample, b.sample) ? a.sample : b.sample
  return {
    id: a.id,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    seen,
    clean: a.clean || b.clean,
    sample,
    ...(a.told === undefined ? {} : { told: a.told }),
  }
}

/** A virus says most, then the last one. */
const isBetter = (a: Sample, b: Sample): boolean =>
  (a.virus === undefined) === (b.virus === undefined) ? a.at > b.at : a.virus !== undefined

export const timesOf = ({ seen }: Pick<Sighting, 'seen'>): number =>
  SEEN.reduce((sum, kind) => sum + (seen[kind] ?? 0), 0)

/** What is left of it when that was told in a report; the same when it is told of again. */
export function without(all: Sighting, told: Sighting, report: string): Sighting | 'gone' {
  if (all.told === report) return all
  const seen: { [K in SightingKind]?: number } = {}
  for (const kind of SEEN) {
    const left = (all.seen[kind] ?? 0) - (told.seen[kind] ?? 0)
    if (left > 0) seen[kind] = left
  }
  return timesOf({ seen }) > 0 ? { ...all, first: told.last, seen, told: report } : 'gone'
}
