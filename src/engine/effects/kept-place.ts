// How far a follower has come, as the ledger keeps it.

import type { Cursor } from '../../ports/changes.ts'

/** Of no ledger: a follower that goes on from there is told all that is in force again. */
const NOWHERE = ''

/** A row that does not say it is damaged, and not new: from the end on, what was saved and not yet carried out would be left out. */
export function placeIn(body: string): Cursor {
  const read = JSON.parse(body) as { readonly cursor?: unknown } | null
  return typeof read?.cursor === 'string' ? read.cursor : NOWHERE
}
