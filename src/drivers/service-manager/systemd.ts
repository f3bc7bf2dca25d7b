// Says to systemd how it goes (sd_notify(3)): ready, reloading, stopping, and that the stores still answer. The protocol is a datagram
// on a Unix socket, which Node cannot send; `systemd-notify` does it, a small program that is there wherever systemd is. It sends
// from a process of its own, so the unit needs NotifyAccess=all. Without systemd nothing is said and nothing is started.

import { spawn } from 'node:child_process'

export type ServiceManager = {
  ready(): Promise<void>
  /** Resolves when systemd knows; `ready` ends it. */
  reloading(): Promise<void>
  stopping(): Promise<void>
  /** Says every quarter of the watchdog's time that it is alive, for as long as `look` says so, and what does not work. */
  watch(look: () => Promise<Health>): void
  /** Says nothing more. */
  close(): void
}

export type Health = { readonly alive: boolean; readonly problems: readonly string[] }

export type SystemdParts = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly trouble: (error: unknown, about: string) => void
  /** Puts the words on the socket; by `systemd-notify` unless a test does it otherwise. */
  readonly send?: (words: readonly string[]) => Promise<void>
}

/** `systemd-notify` waits until systemd has read it, so that this is not forgotten with the process that said it. */
const PATIENCE = 5000
/** Three may be missed before systemd ends the process. */
const PER_WATCHDOG = 4

export function systemd({ env, pid, trouble, send }: SystemdParts): ServiceManager {
  const socket = env['NOTIFY_SOCKET']
  const put = send ?? (words => notify(words, { NOTIFY_SOCKET: socket, PATH: env['PATH'] }))
  /** One after the other: READY must not overtake RELOADING. */
  let said: Promise<void> = Promise.resolve()
  let failed = false
  let timer: NodeJS.Timeout | undefined

  const say = (...words: string[]): Promise<void> => {
    if (socket === undefined || socket === '') return Promise.resolve()
    said = said.then(async () => {
      try {
        await put(words)
        failed = false
      } catch (error) {
        if (!failed) trouble(error, 'telling systemd')
        failed = true
      }
    })
    return said
  }
  return {
    ready: () => say('READY=1'),
    // The time is what Type=notify-reload (systemd 253) asks for; older ones pass over it.
    reloading: () => say('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => say('STOPPING=1'),
    watch: look => {
      const every = watchdogOf(env, pid)
      if (every === undefined) return
      let before = ''
      const again = async () => {
        const { alive, problems } = await look()
        // One line in `systemctl status`, where it differs from what stands there.
        const status = `STATUS=${problems.join('; ').replaceAll('\n', ' ')}`
        const words = [...(alive ? ['WATCHDOG=1'] : []), ...(status === before ? [] : [status])]
        before = status
        if (words.length > 0) await say(...words)
        if (timer !== undefined) timer = setTimeout(() => void again(), every)
      }
      timer = setTimeout(() => void again(), 0)
    },
    close: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** In ms, between two signs of life; undefined when nobody waits for them. */
function watchdogOf(env: SystemdParts['env'], pid: number): number | undefined {
  const { WATCHDOG_USEC: usec, WATCHDOG_PID: whose } = env
  if (usec === undefined || (whose !== undefined && whose !== String(pid))) return undefined
  const ms = Number(usec) / 1000
  return ms > 0 ? Math.max(1, Math.floor(ms / PER_WATCHDOG)) : undefined
}

function notify(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('systemd-notify', words, { env, stdio: 'ignore', timeout: PATIENCE })
    child.on('error', error =>
      reject(
        new Error(
          `systemd-notify cannot be run (${error.message}): systemd does not hear that Cordon is ready, and ends it after TimeoutStartSec; install it, or set Type=exec and WatchdogSec=0 in the unit`,
        ),
      ),
    )
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`systemd-notify ended with ${code ?? signal}`)),
    )
  })
}
