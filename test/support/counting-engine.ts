// An engine for tests of doors: what it was asked is counted, and everything is accepted.

import { ACCEPT, type Judgement } from '../../src/model/verdict.ts'
import type { Engine } from '../../src/ports/engine.ts'

export type CountingEngine = { readonly engine: Engine; judged: number; readonly written: number[] }

/** Says yes to everything and counts; `hold` is waited for before each answer. */
export function countingEngine(
  hold: () => Promise<void> | undefined = () => undefined,
): CountingEngine {
  const seen: CountingEngine = {
    judged: 0,
    written: [],
    engine: {
      judge: (): Judgement | Promise<Judgement> => {
        seen.judged++
        const held = hold()
        return held ? held.then(() => ({ verdict: ACCEPT })) : { verdict: ACCEPT }
      },
      open: async () => ({
        write: async chunk => {
          seen.written.push(chunk.length)
          await hold()
        },
        finish: async () => ({ verdict: ACCEPT }),
        abort: async () => undefined,
      }),
      report: () => undefined,
      command: async () => ({ done: false, text: '' }),
    },
  }
  return seen
}
