// What a program costs: processor time and memory of a process and all it has started.

import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of the kernel: a hundred a second on Linux. */
const TICK = 10

type Stat = { readonly parent: number; readonly ms: number }

function stat(pid: string): Stat | undefined {
  try {
    // The name in brackets may have spaces in it; everything after it is numbers (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), ms: ticks * TICK }
  } catch {
    return undefined
  }
}

function tree(root: number): Map<number, Stat> {
  const all = new Map<number, Stat>()
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const found = stat(pid)
    if (found) all.set(Number(pid), found)
  }
  const mine = new Map<number, Stat>()
  const take = (pid: number) => {
    const found = all.get(pid)
    if (!found || mine.has(pid)) return
    mine.set(pid, found)
    for (const [child, { parent }] of all) if (parent === pid) take(child)
  }
  take(root)
  return mine
}

/** Processor time so far, in ms: of what runs and of what has ended. */
export const cpuOf = (root: number): number =>
  [...tree(root).values()].reduce((sum, one) => sum + one.ms, 0)

/** Memory that would be free without it, in MiB: shared pages counted in parts (PSS). */
export function memoryOf(root: number): number {
  let kib = 0
  for (const pid of tree(root).keys()) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      kib += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0)
    } catch {
      // It has ended meanwhile.
    }
  }
  return kib / 1024
}
