// What has been found in a message so far, while its parts are walked.

import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Unreadable } from '../../model/message.ts'
import type { ReadingBudget } from '../reading-budget.ts'

/** All readings of all names: an honest name has one, or three. */
export const MAX_NAMES = 2000
/** Characters of it. */
export const MAX_TEXT = 1024 * 1024

export type Walked = {
  text: string
  attachments: string[]
  /** Their bytes, decoded. */
  archives: AttachedArchive[]
  /** The beginning of what is not read as text, decoded, as far as it is wanted. */
  attached: string
  readonly attachedWanted: number
  unreadable: Set<Unreadable>
  /** The first that is not known here. */
  charset?: string
  /** One of its parts is encrypted: its name. */
  locked?: string
  parts: number
  /** Of all multiparts. */
  readonly boundaries: Set<string>
  /** A multipart has the boundary of one that it is in: for some readers it ends where for others it goes on. */
  entangled: boolean
  /** There is a multipart/digest. */
  digest: boolean
  /** Bytes that end here are not all: there was more of the message. */
  readonly cutAt: Uint8Array | undefined
  readonly budget: ReadingBudget
  /** It is a bounce, and so returns a message that may be cut short anywhere (RFC 3464 §2). */
  readonly bounce: boolean
}

/** `usual`: what a part is that does not say it. `within`: boundaries of what it is in. `quoted`: in what a bounce returns. */
export type At = {
  readonly depth: number
  readonly found: Walked
  readonly usual: string
  readonly within: readonly string[]
  readonly quoted: boolean
}

export function unread(what: Unreadable, { found, quoted }: At): void {
  found.unreadable.add(quoted ? 'quoted' : what)
}

/** False, and said, when there is not so much work left. */
export function mayTake(steps: number, at: At): boolean {
  if (at.found.budget.take(steps)) return true
  unread('too-much-work', at)
  return false
}

export function addNames(names: readonly string[], at: At): void {
  const { attachments } = at.found
  for (const name of names)
    if (attachments.length < MAX_NAMES) attachments.push(name)
    else return unread('too-many-names', at)
}

export function addText(text: string, at: At): void {
  const { found } = at
  const room = MAX_TEXT - found.text.length
  if (text.length > room) unread('large', at)
  if (room > 0) found.text += `${room < text.length ? text.slice(0, room) : text}\n`
}
