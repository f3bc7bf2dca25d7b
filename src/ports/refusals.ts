// Refusals by their names, for a sender that was refused and wants to know why.

import type { EventOf } from '../model/event.ts'

export type RefusalsAsked = ({ readonly address: string } | { readonly messageId: string }) & {
  readonly since: number
  readonly limit: number
}

export type RefusalsFound = {
  readonly rows: readonly EventOf<'step-judged'>[]
  readonly truncated: boolean
  readonly unreadable: readonly string[]
}

export interface Refusals {
  /** Undefined when there is none of that name, it is older than the journal, or it could not be looked up; the next call looks again. */
  find(id: string): Promise<EventOf<'step-judged'> | undefined>
  /** Of mail from or to this address, or with this Message-ID: the oldest first, as far as they are on the disk (a second late). */
  about(asked: RefusalsAsked): Promise<RefusalsFound>
}
