// A program that a test has started: what it says, line by line, and how it ends.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The lines it prints, and how it ends. */
export function watched(child: ChildProcess) {
  const said: string[] = []
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on('line', line => {
        said.push(line)
        for (const look of waiting) look()
      })
  const until = (pattern: RegExp) =>
    Promise.race([
      new Promise<void>(resolve => {
        const look = () => said.some(line => pattern.test(line)) && resolve()
        waiting.add(look)
        look()
      }),
      ended.then(() => assert.fail(`it ended before it said ${pattern}: ${said.join('\n')}`)),
    ])
  return { said, ended, until }
}
