// The questions on a terminal: what was found is shown, an empty line takes what stands in brackets.

import { createInterface } from 'node:readline/promises'
import { UsageError } from '../failures.ts'
import type { Ask, Question } from './questions.ts'

/** Ends with `end`, or its terminal stays open. */
export type Terminal = {
  readonly ask: Ask
  readonly again: (why: string) => void
  readonly end: () => void
}

export function terminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  const lines = createInterface({ input, output })
  const gone = new AbortController()
  lines.once('close', () => gone.abort())
  const ask = async ({ name, asks, does }: Question, usual: string) => {
    output.write(`\n${does}\n`)
    const brackets = usual === '' ? '' : ` [${usual}]`
    try {
      const line = await lines.question(`${asks}${brackets}: `, { signal: gone.signal })
      return line.trim() || usual
    } catch {
      throw new UsageError(`there was no answer. Nothing was written; --${name} answers as well.`)
    }
  }
  return {
    ask,
    again: why => void output.write(`${why}.\n`),
    end: () => lines.close(),
  }
}
