// So much time, of which a caller that waits can make use. A clock on the wall goes on while the engine's thread is busy with other
// people's mail, and then what was answered long ago would count as late. Here the time is cut into slices: however long the thread
// stood still, one slice of it is spent, and before the end whatever has arrived is heard.

const SLICES = 10

export type AwakeTime = {
  /** Resolves when it is over; never once it was ended. */
  readonly over: Promise<void>
  isOver(): boolean
  /** The caller does not wait any more. */
  readonly end: () => void
}

/** `budget` in ms; over at once when it is not above zero. */
export function awakeTime(budget: number): AwakeTime {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = SLICES
  let isOver = budget <= 0
  let timer: NodeJS.Timeout | undefined
  let last: NodeJS.Immediate | undefined
  const finish = () => {
    isOver = true
    resolve()
  }
  const next = () => {
    timer = setTimeout(() => {
      left--
      // Timers come before what has arrived on sockets, and this after it.
      if (left > 0) next()
      else last = setImmediate(finish)
    }, budget / SLICES)
  }
  if (isOver) resolve()
  else next()
  return {
    over: promise,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer)
      clearImmediate(last)
    },
  }
}
