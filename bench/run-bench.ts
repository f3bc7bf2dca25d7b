// One bench in a process of its own: its words are printed while it runs, and it has an end, whatever it does.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Skipped } from '../tools/allowed-skips.ts'
import type { Row } from './pairs.ts'

/** A peer that is not there, and the bench that would have needed it. */
export type Absent = Skipped & { readonly bench: string }

export type BenchRan = { readonly rows: readonly Row[]; readonly absent: readonly Absent[] }

/** No bench takes so long, unless it hangs (ms). */
const PATIENCE = 45 * 60_000

/**
 * Runs Node with these words, which print what a bench has to say, `    absent: PEER WHY` for each peer that is not there, and last
 * `ROWS` and the rows as JSON. Resolves with nothing when it fails or takes too long; then that has been said.
 */
export async function runBench(
  { name, words }: { readonly name: string; readonly words: readonly string[] },
  patience = PATIENCE,
): Promise<BenchRan | undefined> {
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that what it has started ends with it.
    detached: true,
  })
  const interrupted = () => {
    endAll(child)
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupted)
  const late = setTimeout(() => {
    console.error(`bench ${name} took more than ${patience / 60_000} minutes`)
    endAll(child)
  }, patience)
  const ended = once(child, 'exit').finally(() => {
    clearTimeout(late)
    endAll(child)
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted)
  })
  let answer: string | undefined
  const absent: Absent[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ROWS ')) answer = line.slice(5)
    else if (line !== '') console.log(line)
    const [, what, why] = /^ *absent: (\S+) (.*)/.exec(line) ?? []
    if (what !== undefined && why !== undefined) absent.push({ bench: name, what, why })
  }
  const [code, signal] = (await ended) as [number | null, string | null]
  if (code === 0 && answer !== undefined) return { rows: JSON.parse(answer) as Row[], absent }
  console.error(`bench ${name} ended with ${code ?? signal}`)
  return undefined
}

/** The bench and what it left behind, whose output would keep us waiting. */
function endAll({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // No process is left.
  }
}
