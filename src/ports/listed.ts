// The list of infected addresses that others may ask, as a door that answers for it sees it.

import type { ListImage } from '../model/list-image.ts'

export interface Listed {
  /** As it is now. Its tables go on changing by themselves. */
  image(): ListImage
  /** Calls when a table stands elsewhere, or domains have changed. Returns what stops it. */
  onReplaced(hear: (image: ListImage) => void): () => void
}
