// What was found out about a message when it was taken, as far as it is evidence.

import type { EpisodeFacts } from './episode.ts'
import type { Subject } from './evidence.ts'
import type { ContentVerdict, Unreadable } from './message.ts'

/** What the weighing of a message needs; travels with the message so that later results find it. */
export type MessageFacts = {
  readonly content: ContentVerdict
  /** By the few signs that are built in, and no scanner: that it is clean says little. */
  readonly signsOnly?: true
  /** The same body was already counted for this sum within a day: its content says nothing new. */
  readonly repeated: boolean
  readonly recipients: number
  readonly firstTime: number
  /** Of no subject: a stranger's mail, our own, or mail that a line passes on (engine/intake/fed-by.ts). */
  readonly exempt: boolean
  /** A report or a letter that we wrote ourselves. */
  readonly own?: true
  readonly subjects: readonly Subject[]
  /** It goes to an address that no customer was ever given, and no program sent it on by itself: the subjects that sent it. */
  readonly trapped?: readonly Subject[]
  /** An outsider may have led them to it: it answers a message, is list mail, or a message from outside named the address. */
  readonly trapLed?: true
  /**
   * It answers a message that came in, and goes to no new recipient but those that may be answered. `owed`: the writer owns that address,
   * by SPF or DKIM, and the answer is within what is free; it says nothing. `led`: the same is not known; an outsider may have brought
   * it about, or helps a bot, so it makes mail wait and never contains.
   */
  readonly answer?: 'owed' | 'led'
  /** What in it is damaged, or made so that it cannot be read (`DAMAGED`). */
  readonly damaged?: readonly Unreadable[]
  /** The log of another server told of it, and no door was asked: nothing can be refused or held there. */
  readonly watched?: true
  /** For evidence by episodes. */
  readonly episode?: EpisodeFacts
}
