// What a held message is held for, as it stands in the queue: the reason, and behind a colon what exactly was over a limit.

import { REASONS, type Reason } from './reason.ts'
import type { Verdict } from './verdict.ts'

export type HeldFor = { readonly reason: Reason; readonly detail?: string }

type Hold = Extract<Verdict, { kind: 'hold' }>

/** Why mail waits that waits for the window of its sender. */
export const PACED = 'paced' satisfies Reason

export const heldWhy = ({ reason, help }: Pick<Hold, 'reason' | 'help'>): string =>
  help === undefined ? reason : `${reason}: ${help}`

/** Of mail that an older Cordon held there is no detail. What is no reason counts as evidence: then nothing goes by itself. */
export function heldFor(why = ''): HeldFor {
  const colon = why.indexOf(':')
  const reason = colon < 0 ? why : why.slice(0, colon)
  if (!Object.hasOwn(REASONS, reason)) return { reason: 'evidence' }
  const detail = colon < 0 ? '' : why.slice(colon + 1).trim()
  return { reason: reason as Reason, ...(detail === '' ? {} : { detail }) }
}

/** It waits for room under a limit, and goes by itself when there is some. */
export const isOverLimit = ({ reason }: Pick<HeldFor, 'reason'>): boolean =>
  reason === 'over-limit' || reason === 'over-quota'

/** It waits for the window of its sender and is taken all the same: there is no case and no limit that holds it. */
export const isPaced = (verdict: Verdict): boolean =>
  verdict.kind === 'hold' && verdict.reason === PACED
