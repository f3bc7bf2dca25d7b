// People over as many threads as there are processors: each lives the years of every so-manieth of them, and what they count is added. The rows
// are those of one thread, because the chance of each person follows from their number.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PeopleWork } from './people-worker.ts'
import {
  type Chosen,
  type PeopleCount,
  type People,
  type PersonRow,
  rowOf,
} from './simulate-person.ts'

/** Fewer people than this are not worth the start of a thread. */
const FEW = 4

export async function simulatePeople(
  name: string,
  size: People,
  chosen: Chosen,
  done: () => void = () => undefined,
): Promise<PersonRow> {
  const threads = size.people < FEW ? 1 : availableParallelism()
  const counts = await Promise.all(
    Array.from({ length: threads }, (_, from) =>
      worked({ name, slice: { ...size, from, step: threads }, chosen }, done),
    ),
  )
  return rowOf(name, size, chosen.filter, counts)
}

function worked(work: PeopleWork, done: () => void): Promise<PeopleCount> {
  const { promise, resolve, reject } = Promise.withResolvers<PeopleCount>()
  const worker = new Worker(new URL('./people-worker.ts', import.meta.url), { workerData: work })
  worker.on('message', (said: 'done' | PeopleCount) => {
    if (said === 'done') done()
    else resolve(said)
  })
  worker.on('error', reject)
  worker.on('exit', () => reject(new Error('a thread of the simulation ended early')))
  return promise
}
