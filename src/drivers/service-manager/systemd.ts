// Says to systemd how it goes (sd_notify(3)): ready, reloading, stopping, and that the stores still answer. Without systemd nothing is
// said and nothing is started. How the words get there is in notify-helper.ts.

import { notifyHelper } from './notify-helper.ts'

export type ServiceManager = {
  ready(): Promise<void>
  /** Resolves when systemd knows; `ready` ends it. */
  reloading(): Promise<void>
  /** Also asks for more time again and again, for as long as a stop in order may take (ms): the unit's TimeoutStopSec is only for one that hangs. */
  stopping(atMost: number): Promise<void>
  /** Says every quarter of the watchdog's time that it is alive, for as long as `look` says so, and what does not work. */
  watch(look: () => Promise<Health>): void
  /** Says no sign of life any more. */
  unwatch(): void
}

export type Health = { readonly alive: boolean; readonly problems: readonly string[] }

export type SystemdParts = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly trouble: (error: unknown, about: string) => void
  /** Puts the words on the socket; a test listens here. */
  readonly say?: ((words: readonly string[]) => Promise<void>) | undefined
}

/** Three may be missed before systemd ends the process. */
const PER_WATCHDOG = 4
/** While it stops it asks for this much (ms) at a time; a process that stands still is ended when it is over. */
const EXTENSION = 30_000
/** Two may be missed. */
const EXTEND_EVERY = EXTENSION / 3

/** To be called early, while the process is small: it starts a process of its own. */
export function systemd({ env, pid, trouble, ...given }: SystemdParts): ServiceManager {
  const helper = given.say ?? (env['NOTIFY_SOCKET'] ? notifyHelper(env) : undefined)
  let failed = false
  let timer: NodeJS.Timeout | undefined

  const say = async (...words: string[]): Promise<void> => {
    try {
      await helper?.(words)
      failed = false
    } catch (error) {
      if (!failed) trouble(error, 'telling systemd')
      failed = true
    }
  }
  return {
    ready: () => say('READY=1'),
    // The time is what Type=notify-reload (systemd 253) asks for; older ones pass over it.
    reloading: () => say('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: atMost => {
      if (!helper) return Promise.resolve()
      let asked = 1
      const again = setInterval(() => {
        if (asked * EXTEND_EVERY >= atMost) clearInterval(again)
        else void say(EXTEND)
        asked += 1
      }, EXTEND_EVERY).unref()
      return say('STOPPING=1', EXTEND)
    },
    watch: look => {
      const every = watchdogOf(env, pid)
      if (every === undefined) return
      let before = ''
      const again = async () => {
        const { alive, problems } = await look()
        // One line in `systemctl status`, where it differs from what stands there.
        const status = `STATUS=${problems.join('; ')}`
        const words = [...(alive ? ['WATCHDOG=1'] : []), ...(status === before ? [] : [status])]
        before = status
        if (words.length > 0) await say(...words)
        if (timer !== undefined) timer = setTimeout(() => void again(), every)
      }
      timer = setTimeout(() => void again(), 0)
    },
    unwatch: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** systemd counts it only beyond TimeoutStopSec: nothing becomes shorter by it. */
const EXTEND = `EXTEND_TIMEOUT_USEC=${EXTENSION * 1000}`

/** In ms, between two signs of life; undefined when systemd does not wait for them. */
function watchdogOf(env: SystemdParts['env'], pid: number): number | undefined {
  const { WATCHDOG_USEC: usec, WATCHDOG_PID: whose } = env
  if (usec === undefined || (whose !== undefined && whose !== String(pid))) return undefined
  const ms = Number(usec) / 1000
  return ms > 0 ? Math.max(1, Math.floor(ms / PER_WATCHDOG)) : undefined
}
