// What is told of evidence by episodes (model/event.ts has all other events).

import type { EpisodeDecision, EpisodeSubject, WindowBucket } from './episode.ts'
import type { Subject } from './evidence.ts'
import type { WordOfOwner } from './owner-word.ts'

export type EpisodeEvent =
  | {
      /** What it decides of a subject is another than before. Nats as in `EpisodeView`. */
      readonly kind: 'episode-decided'
      readonly subject: EpisodeSubject
      readonly decision: EpisodeDecision
      readonly before: EpisodeDecision
      readonly sum: number
      readonly z: number
      readonly suspicion: number
      readonly kinds: readonly string[]
      /** It is only told, and restricts nothing. */
      readonly shadow?: true
    }
  | {
      /** Mail of a subject begins to wait for its window. */
      readonly kind: 'mail-paced'
      readonly subject: EpisodeSubject
      readonly message: string
      readonly bucket: WindowBucket
      readonly recipients: number
      /** When the last of them leaves, as things stand; of what is judged spam it may be the time of its return (`isReturn`). */
      readonly until: number
      /** It would, and leaves at once. */
      readonly shadow?: true
    }
  | {
      /** Mail of a subject leaves its window, at once or after it waited. */
      readonly kind: 'mail-let-go'
      readonly subject: Subject
      /** All whose tokens it takes, the sender's own first. */
      readonly payers: readonly EpisodeSubject[]
      readonly message: string
      readonly bucket: WindowBucket
      readonly recipients: number
      readonly judgedSpam: boolean
      /** A number for its only recipient, where mail of today to them costs the window nothing more. */
      readonly person?: number
      /** It waited for long enough, and takes no token. */
      readonly byExit: boolean
      /** ms. */
      readonly waited: number
    }
  | {
      /** The owner, or staff, said something of mail that waits or will be sent, by a way that only they have. */
      readonly kind: 'word-given'
      readonly subject: Subject
      readonly said: WordOfOwner | 'announced' | 'opened'
      readonly by: 'owner' | 'staff'
      /** Of `announced` and `opened`. */
      readonly recipients?: number
      /** Until when that is good. */
      readonly until?: number
    }
  | {
      /** The record of a subject could not be read: damaged, or of another version. */
      readonly kind: 'episode-begun-anew'
      readonly subject: EpisodeSubject
      readonly why: string
    }
