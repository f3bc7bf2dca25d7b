// Alarms by a program of the operator's, such as a pager: JSON on standard input. No shell reads its arguments, nothing of an alarm is
// among them, and it does not get our environment.

import { spawn } from 'node:child_process'
import type { AlarmChannel } from '../../ports/alarm-channel.ts'

export type AlarmCommandSettings = {
  readonly name: string
  /** The program and its arguments. */
  readonly run: readonly string[]
  /** ms: `alarms.commands[].timeout`, 10s by default. */
  readonly timeout: number
}

/** Characters of what it complains that are logged. */
const HEARD = 500
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export const commandChannel = (settings: AlarmCommandSettings): AlarmChannel => ({
  name: `command ${settings.name}`,
  withoutStores: true,
  tell: (batch, stopping) => run(settings, JSON.stringify(batch), stopping),
})

/** Resolves when it ended with 0. */
function run(
  { run: [program = '', ...args], timeout }: AlarmCommandSettings,
  input: string,
  stopping: AbortSignal,
) {
  return new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH },
      // A process group of its own: what it began ends with it.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let complaint = ''
    const late = AbortSignal.timeout(timeout)
    const kill = () => endGroup(child.pid)
    const ends = AbortSignal.any([late, stopping])
    ends.addEventListener('abort', kill)
    const end = (error?: Error) => {
      ends.removeEventListener('abort', kill)
      child.stderr.destroy()
      if (error) reject(error)
      else resolve()
    }
    child.on('error', end)
    child.stderr.on('data', chunk => {
      if (complaint.length < HEARD) complaint = `${complaint}${String(chunk)}`.slice(0, HEARD)
    })
    // It may end without reading.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('exit', (code, signal) => {
      if (late.aborted) return end(new Error(`${program} did not end in ${timeout} ms`))
      if (code === 0) return end()
      const how = code === null ? `was ended by ${signal}` : `ended with ${code}`
      end(new Error(`${program} ${how}${complaint === '' ? '' : `: ${complaint.trim()}`}`))
    })
  })
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}
