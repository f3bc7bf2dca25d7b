// Alarms by a program of the operator's, such as a pager: JSON on standard input. No shell reads its arguments, nothing of an alarm is
// among them, and it does not get our environment.

import { spawn } from 'node:child_process'
import type { AlarmChannel } from '../../ports/alarm-channel.ts'

export type AlarmCommandSettings = {
  /** `alarms.commands[].name`, command by default. */
  readonly name: string
  /** The program and its arguments. */
  readonly run: readonly string[]
  /** ms: `alarms.commands[].timeout`, 10s by default, 100ms to 10m. */
  readonly timeout: number
}

/** Characters of what it complains that are logged. */
const HEARD = 500
const DIGEST = 'digest'
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export const commandName = ({ name }: Pick<AlarmCommandSettings, 'name'>): string =>
  `command ${name}`

export const commandChannel = (settings: AlarmCommandSettings): AlarmChannel => ({
  name: commandName(settings),
  withoutStores: true,
  tell: async (batch, stopping) => {
    // No pager is for reports of the day.
    const { [DIGEST]: _digest, ...counts } = batch.counts
    const alarms = batch.alarms.filter(one => one.alarm !== DIGEST)
    if (alarms.length > 0)
      await run(settings, JSON.stringify({ ...batch, alarms, counts }), stopping)
  },
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
