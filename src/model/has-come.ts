// A time that was reckoned from now may have been reckoned by a clock that ran ahead and was set right since: what is further away than it
// can be has come.

/** Whether `due` has come; `longest`: it was never further ahead of its now than this (ms). */
export const hasCome = (due: number, at: number, longest: number): boolean =>
  due <= at || due - at > longest
