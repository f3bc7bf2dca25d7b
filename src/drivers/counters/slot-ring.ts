// Twelve slots of a rolling window, in a ring: slot n since 1970 lies at place n % 12. It knows nothing of where the ring is kept.

export const SLOTS = 12

export type Slots = { [index: number]: number }

/** Place of slot `n` in its ring. */
export const ringIndex = (n: number): number => n % SLOTS

/** Sums the slots that are inside the window ending with slot `now`. `newest` is the newest slot there is; the ring begins at `from`. */
export function sumOf(slots: Slots, from: number, newest: number, now: number): number {
  let total = 0
  // A clock that was never set stands at 1970: before that there is nothing.
  const first = Math.max(newest - SLOTS + 1, now - SLOTS + 1, 0)
  let at = from + ringIndex(first)
  for (let slot = first; slot <= newest; slot++) {
    total += slots[at] ?? 0
    at = at + 1 === from + SLOTS ? from : at + 1
  }
  return total
}

/** Clears the slots that time has passed over. */
export function advance(slots: Slots, from: number, newest: number, slot: number): void {
  if (slot <= newest) return
  const steps = Math.min(SLOTS, slot - newest)
  for (let i = 1; i <= steps; i++) slots[from + ringIndex(newest + i)] = 0
}
