// Evidence by episodes (docs/evidence.md) as it is told outside of src/core/detection/episodes/: whom it is about, what it decides, and what a
// message brings of it.

import { DAY } from './duration.ts'
import type { Subject } from './evidence.ts'

/**
 * `shadow`: what would be decided is told, and nothing is restricted. `pace`: the window is in force, and the rest is told. `decide`: what is
 * decided is in force, too, and mail adds nothing to the sums of the table any more.
 */
export const EPISODE_MODES = ['off', 'shadow', 'pace', 'decide'] as const
export type EpisodeMode = (typeof EPISODE_MODES)[number]

/** Whether a line is isolated for its mail alone, or that is only told: the tables are estimates until they are fitted. */
export const ISOLATIONS_BY_MAIL = ['observe', 'act'] as const
export type IsolationsByMail = (typeof ISOLATIONS_BY_MAIL)[number]

/** `source:ADDRESS`: a foreign address from which logins are used; of IPv6 a /64. */
export type SourceSubject = `source:${string}`
export type EpisodeSubject = Subject | SourceSubject

export const sourceSubject = (source: string): SourceSubject => `source:${source}`

/** Mildest first. */
export const EPISODE_DECISIONS = [
  'pace',
  'hold',
  'refuse-network',
  'refuse-source',
  'stop-login',
  'isolate',
] as const
export type EpisodeDecision = (typeof EPISODE_DECISIONS)[number]

/** What mail waits for in the window, in words of docs/evidence.md. */
export const WINDOW_BUCKETS = ['known', 'new', 'spam-to-known', 'spam-to-new'] as const
export type WindowBucket = (typeof WINDOW_BUCKETS)[number]

/** Mail that is judged spam waits no longer for its window. RFC 5321 §4.5.4.1 gives mail at least so long. */
export const SUSPECT_WAITS = 5 * DAY

/** Mail that is judged spam goes when nothing more of the kind is seen for a while: a time so late is that of its return, not of its leaving. */
export const isReturn = (bucket: WindowBucket | undefined, since: number, until: number): boolean =>
  bucket !== undefined && bucket.startsWith('spam') && until - since >= SUSPECT_WAITS

/** What staff see of one subject. */
export type EpisodeView = {
  readonly subject: EpisodeSubject
  /** Its window is not in force either: mail would wait. */
  readonly shadow?: true
  /** What is decided of it is in force. */
  readonly decides?: true
  readonly decision: EpisodeDecision
  /** Nats: of what is remembered (S), of this episode (z), and what decisions go by (X). */
  readonly sum: number
  readonly z: number
  readonly suspicion: number
  /** Kinds of evidence that agree. */
  readonly kinds: readonly string[]
  /** ms since 1970; absent where the subject has not sent anything. */
  readonly since?: number
  readonly last?: number
  /** Of this episode: how many there were of each, and how many of them were as the name says. */
  readonly seen: Readonly<Record<string, readonly [tried: number, hit: number]>>
  /** What explains it if the subject is clean: classes and their shares, the likeliest first. */
  readonly explained: readonly { readonly name: string; readonly share: number }[]
  /** What waits, or in shadow would, and about when the last of it leaves. */
  readonly waits: readonly {
    readonly bucket: WindowBucket
    readonly recipients: number
    readonly until: number
    /** `until` is when what is still there returns to its sender. */
    readonly returns?: true
  }[]
}

/** Of a message, beside the facts that all evidence goes by. */
export type EpisodeFacts = {
  /** Of a login away from its line: a number other than 0 for its network (`networkNumber`). */
  readonly network?: number
  /** Where that network is not ours: the address, the logins used from there within a week, and those that have written to people they know. */
  readonly source?: { readonly address: string; readonly logins: number; readonly regulars: number }
  /** Login that is used on its own line, and a subject all the same: many people share that line. */
  readonly login?: string
  /** Keyed hashes of the recipients that are new to the sender, where only some of them are. */
  readonly newTo?: readonly string[]
  /** So many other recipients are known to the sender since today alone. */
  readonly met?: number
  /** Of what is judged spam and goes to one recipient, who is known: a number for them, from their keyed hash. */
  readonly person?: number
  /** A program answered by itself: it quotes what an outsider wrote. */
  readonly automatic?: true
}
