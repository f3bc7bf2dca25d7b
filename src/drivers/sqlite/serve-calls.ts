// The other end of worker-thread.ts: opens the database, says so, and carries out what it is asked, in groups: whatever came while
// the last group was at work goes into the next, so that one commit serves many; no timer, so that a single call never waits for company.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Answered, NumberedCall, WorkerMessage, WorkerStart } from './asked.ts'
import { sameFile } from './same-file.ts'
import { mayPass, storeProblem } from './store-problem.ts'

export type Service<C, A> = {
  /** Carries out all of them, and answers in their order; or throws, and has changed nothing. */
  readonly together: (asks: readonly C[]) => readonly A[]
  readonly close: () => void
}

/** Larger groups gain nothing and keep the first of them waiting. */
const MAX_GROUP = 500
/** ms between two looks at a file while nothing is asked. */
const LOOK_EVERY = 1000

export function serveCalls<C, A>(
  open: (start: WorkerStart) => Service<C, A>,
  { maxGroup = MAX_GROUP }: { readonly maxGroup?: number } = {},
): void {
  const port = parentPort
  if (!port) throw new Error('a store runs as a worker thread')
  const say = (said: WorkerMessage<A>) => port.postMessage(said)
  const start = workerData as WorkerStart
  let service: Service<C, A>
  try {
    service = open(start)
  } catch (error) {
    // Without a listener on its port the thread ends here.
    return say({ failed: storeProblem(error, start.path).message, mayPass: mayPass(error) })
  }

  const look = start.watched && sameFile(start.path, [`${start.path}-wal`, ...start.watched])
  /** Nothing is acknowledged that was written into a file that the next start does not find. */
  const isGone = (): boolean => {
    const gone = look?.()
    if (gone !== undefined) say({ gone })
    return gone !== undefined
  }
  const end = () => {
    clearInterval(looks)
    service.close()
    port.close()
  }
  const looks = look && setInterval(() => isGone() && end(), LOOK_EVERY)

  /** False when its file is gone. */
  const carryOut = (group: readonly NumberedCall<C>[]): boolean => {
    try {
      const answers = service.together(group.map(({ ask }) => ask))
      if (isGone()) return false
      say(group.map(({ n }, i): Answered<A> => ({ n, answer: answers[i] as A })))
    } catch (error) {
      // Together they failed; alone, those that can will succeed, and only the culprit is told no.
      if (isGone()) return false
      if (group.length > 1) return group.every(one => carryOut([one]))
      for (const { n } of group) say([{ n, error: `${start.path}: ${(error as Error).message}` }])
    }
    return true
  }
  port.on('message', (first: NumberedCall<C> | 'close') => {
    const group: NumberedCall<C>[] = []
    let next: NumberedCall<C> | 'close' | undefined = first
    while (next !== undefined && next !== 'close') {
      group.push(next)
      const more = group.length < maxGroup ? receiveMessageOnPort(port) : undefined
      next = more?.message as NumberedCall<C> | 'close' | undefined
    }
    const goesOn = group.length === 0 || carryOut(group)
    if (next === 'close' || !goesOn) end()
  })
  say('open')
}
