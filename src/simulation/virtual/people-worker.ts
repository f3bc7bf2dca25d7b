// A thread that lives the years of some of the people of a simulation, and says what happened in them.

import { parentPort, workerData } from 'node:worker_threads'
import { type Chosen, countPeople, type Slice } from './simulate-person.ts'

export type PeopleWork = { readonly name: string; readonly slice: Slice; readonly chosen: Chosen }

const { name, slice, chosen } = workerData as PeopleWork
const count = countPeople(name, slice, chosen, () => parentPort?.postMessage('done'))
parentPort?.postMessage(count)
