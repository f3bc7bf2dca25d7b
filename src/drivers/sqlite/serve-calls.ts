// The other end of worker-thread.ts: opens the database, says so, and carries out what it is asked, in groups: whatever came while
// the last group was at work goes into the next, so that one commit serves many; no timer, so that a single call never waits for company.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Answered, NumberedCall, WorkerMessage, WorkerStart } from './asked.ts'
import { mayPass, storeProblem } from './store-problem.ts'

export type Service<C, A> = {
  /** Carries out all of them, and answers in their order; or throws, and has changed nothing. */
  readonly together: (asks: readonly C[]) => readonly A[]
  readonly close: () => void
}

/** Larger groups gain nothing and keep the first of them waiting. */
const MAX_GROUP = 500

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

  const carryOut = (group: readonly NumberedCall<C>[]): void => {
    try {
      const answers = service.together(group.map(({ ask }) => ask))
      say(group.map(({ n }, i): Answered<A> => ({ n, answer: answers[i] as A })))
    } catch (error) {
      // Together they failed; alone, those that can will succeed, and only the culprit is told no.
      if (group.length > 1) for (const one of group) carryOut([one])
      else
        for (const { n } of group) say([{ n, error: `${start.path}: ${(error as Error).message}` }])
    }
  }
  port.on('message', (first: NumberedCall<C> | 'close') => {
    const group: NumberedCall<C>[] = []
    let next: NumberedCall<C> | 'close' | undefined = first
    while (next !== undefined && next !== 'close') {
      group.push(next)
      const more = group.length < maxGroup ? receiveMessageOnPort(port) : undefined
      next = more?.message as NumberedCall<C> | 'close' | undefined
    }
    if (group.length > 0) carryOut(group)
    if (next !== 'close') return
    service.close()
    port.close()
  })
  say('open')
}
