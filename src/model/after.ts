// Goes on at once with what is there already, and waits for what is not: most steps ask no other service, and waiting for nothing costs a
// turn of the loop each time.

export const after = <T, R>(
  value: T | Promise<T>,
  go: (value: T) => R | Promise<R>,
): R | Promise<R> => (value instanceof Promise ? value.then(go) : go(value))
