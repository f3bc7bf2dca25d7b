// A fuse: however sure the evidence seems, automation newly restricts at most so many subscribers an hour.
// A broken filter or a wrong table must end in a telephone call, not in a dark town.

/** At most 1 % of the subscribers, but never fewer than twenty, in any hour. */
export function fuseBlown(restrictedLastHour: number, subscribers: number): boolean {
  return restrictedLastHour >= Math.max(20, Math.floor(subscribers / 100))
}
