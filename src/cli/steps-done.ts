// How far a long command is, on one line of a terminal that is overwritten. Of what is no terminal nothing is written.

const WIDTH = 24
/** Shown when another thousandth is done. */
const SHOWN_EVERY = 1000

export type StepsDone = {
  readonly step: () => void
  /** Before a line is printed, and at the end. */
  readonly clear: () => void
}

export function stepsDone(
  all: number,
  to: { readonly isTTY?: boolean; write(text: string): unknown },
): StepsDone {
  if (to.isTTY !== true) return { step: () => undefined, clear: () => undefined }
  let done = 0
  let shown = -1
  return {
    step: () => {
      done++
      const thousandths = Math.floor((SHOWN_EVERY * done) / Math.max(1, all))
      if (thousandths === shown) return
      shown = thousandths
      const full = Math.min(WIDTH, Math.floor((WIDTH * done) / Math.max(1, all)))
      to.write(`\r[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${done} of ${all}\u001B[K`)
    },
    clear: () => {
      shown = -1
      to.write('\r\u001B[K')
    },
  }
}
