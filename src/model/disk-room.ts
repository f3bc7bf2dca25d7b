// When the disk of the data folder is nearly full.

/** Less than one part in so many is free … */
const ONE_IN = 20
/** … and less than so many bytes: of a large disk one part in twenty is much. */
const LITTLE = 5 * 1024 ** 3

/** In bytes. */
export const isNearlyFull = (free: number, all: number): boolean =>
  free < LITTLE && free * ONE_IN < all
