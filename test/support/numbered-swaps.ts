// Swaps that number what they change: after the nth, every state says n, and the counter besides stands at n.

import { DAY } from '../../src/model/duration.ts'
import type { KeptState, Swap } from '../../src/ports/subject-state.ts'

const AT = Date.UTC(2026, 0, 5)

export const numberedOps = [{ op: 'sum', key: 'k#n', amount: 1, window: DAY }] as const

export const swapNumber = (n: number, read: readonly KeptState[]): Swap => ({
  once: `swap ${n}`,
  at: AT,
  ops: numberedOps,
  states: read.map(({ key, version }) => ({ key, version, bytes: bytesOf(n) })),
})

export const bytesOf = (n: number): Uint8Array => new TextEncoder().encode(String(n))
/** The number a state says; 0 for one that is not there. */
export const counted = (bytes: Uint8Array): number => Number(new TextDecoder().decode(bytes))
