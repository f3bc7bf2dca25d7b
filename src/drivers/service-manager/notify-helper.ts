// Puts words on systemd's socket. The protocol is a datagram on a Unix socket, which Node cannot send; `systemd-notify` does, a small
// program that is there wherever systemd is. It is started by a shell that is started once, early: a process of 600 MB stands still for
// a tenth of a second whenever it starts another one itself. Both are processes of their own, so the unit needs NotifyAccess=all.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/**
 * A line for each word, an empty one to say them; the answer is the exit code. It ends with its input, so with us, and not by what
 * systemd sends to all processes of the unit at a stop: there is something to say then.
 */
const LOOP = `trap '' TERM INT HUP
set --
while IFS= read -r word; do
  if [ -n "$word" ]; then set -- "$@" "$word"; else systemd-notify "$@"; echo $?; set --; fi
done`
/** What a shell says of a program that is not there. */
const NOT_FOUND = 127

type WaitingSay = Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'>

/** Says one set of words after the other; resolves when systemd has read them (systemd-notify waits for that, five seconds at most). */
export function notifyHelper(
  env: Readonly<Record<string, string | undefined>>,
): (words: readonly string[]) => Promise<void> {
  const { NOTIFY_SOCKET, PATH } = env
  const waiting: WaitingSay[] = []
  const start = (): ChildProcessByStdio<Writable, Readable, null> => {
    const child = spawn('/bin/sh', ['-c', LOOP], {
      env: { NOTIFY_SOCKET, PATH },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const end = (error: Error) => {
      if (shell === child) shell = undefined
      for (const one of waiting.splice(0)) one.reject(error)
    }
    child.on('error', end).on('exit', () => end(new Error('the shell that tells systemd ended')))
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', code => {
      const one = waiting.shift()
      if (code === '0') one?.resolve()
      else one?.reject(new Error(problem(Number(code))))
    })
    return child
  }
  let shell: ReturnType<typeof start> | undefined
  shell = start()
  return words => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.push({ resolve, reject })
    shell ??= start()
    shell.stdin.write(`${words.map(word => word.replaceAll('\n', ' ')).join('\n')}\n\n`)
    return promise
  }
}

const problem = (code: number) =>
  code === NOT_FOUND
    ? 'systemd-notify cannot be found: systemd does not hear that Cordon is ready, and ends it after TimeoutStartSec; install it, or set Type=exec and WatchdogSec=0 in the unit'
    : `systemd-notify ended with ${code}`
