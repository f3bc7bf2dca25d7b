// Two clocks: the wall's, and one on which time runs faster, so that a day's story fits into a minute.

import type { Clock } from '../../ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  passed: () => performance.now(),
  real: ms => ms,
}

/** Runs `scale` times as fast as the wall from the moment it is made. Socket timeouts stay real. */
export function scaledClock(scale: number, start: number = Date.now()): Clock {
  const began = performance.now()
  return {
    now: () => Math.round(start + (performance.now() - began) * scale),
    passed: () => (performance.now() - began) * scale,
    real: ms => ms / scale,
  }
}
