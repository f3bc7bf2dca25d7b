// Whether a process runs: one that has ended, and whose parent has not asked for its status, is still listed.

import { readFileSync } from 'node:fs'

export function isRunning(pid: number | string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
