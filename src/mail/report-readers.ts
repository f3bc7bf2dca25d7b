// The addresses that a record in the DNS names for reports. A stranger has written it, and they go into headers, lists and logs.

/** Undefined where mail cannot go to it. `written`: what stands behind `mailto:`. */
export function mailAddressIn(written: string): string | undefined {
  try {
    const plain = decodeURIComponent(written)
    return MAILABLE.test(plain) ? plain : undefined
  } catch {
    return undefined
  }
}

/** No characters of control or format, and none that mean something else in a header. */
const MAILABLE = /^[^\s@,<>"();:\\[\]\p{C}]{1,64}@[^\s@,<>"();:\\[\]\p{C}]{1,255}$/u

/** The first of each, whatever the case. */
export function eachOnce<T>(all: readonly T[], addressOf: (one: T) => string): readonly T[] {
  return [...Map.groupBy(all, one => addressOf(one).toLowerCase()).values()].flatMap(same =>
    same.slice(0, 1),
  )
}
