// A timeout that counts only time in which the event loop runs. While the thread is busy with other mail, wall-clock time passes, and an
// answer that had arrived in time would count as late. So the timeout is a chain of ten timers: a blocked thread uses up one of them at
// most, and answers that have arrived are read before the timeout ends.

const SLICES = 10

export type AwakeTime = {
  /** Resolves when the time is over; never after `end`. */
  readonly over: Promise<void>
  isOver(): boolean
  /** Cancels the timers: the caller has its answer. */
  readonly end: () => void
}

/** `budget`: ms; 0 and less: the time is over at once. */
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
      // In one turn of the loop timers run first, then sockets, then immediates: the sockets are read once more before the end.
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
