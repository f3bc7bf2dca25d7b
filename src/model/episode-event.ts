// What is told of evidence by episodes (model/event.ts has all other events).

import type { EpisodeDecision, EpisodeSubject, WindowBucket } from './episode.ts'

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
      readonly shadow: true
    }
  | {
      /** Mail of a subject begins to wait for its window. */
      readonly kind: 'mail-paced'
      readonly subject: EpisodeSubject
      readonly message: string
      readonly bucket: WindowBucket
      readonly recipients: number
      /** When the last of them leaves, as things stand. */
      readonly until: number
      /** It would, and leaves at once. */
      readonly shadow: true
    }
  | {
      /** The record of a subject could not be read: damaged, or of another version. */
      readonly kind: 'episode-begun-anew'
      readonly subject: EpisodeSubject
      readonly why: string
    }
