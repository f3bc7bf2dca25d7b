// What labs before this one have left that could not take themselves down (SIGKILL, out of memory): they are named by the number of their
// process, and what runs in their namespaces is ended first. What is named by a process that lives is left alone.

import { spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the namespaces of this process begin so. */
export const LAB_MARK = `lab${process.pid}`
/** Its folder among those for passing files. */
export const LAB_FOLDER = `cordon-provider-${process.pid}-`

const NAMESPACE = /^lab(\d+)-(?:isp|outside|home\d+|modem\d+)$/
const FOLDER = /^cordon-provider-(\d+)-/

/** `folder`: where labs have their folders. */
export function removeLeftovers(folder: string): void {
  const isAlive = livingProcesses()
  const isLeft = (mark: string | undefined) => mark !== undefined && !isAlive(Number(mark))
  for (const name of namespaces()) if (isLeft(NAMESPACE.exec(name)?.[1])) removeNamespace(name)
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!isLeft(FOLDER.exec(name)?.[1])) continue
    const found = lstatSync(path, { throwIfNoEntry: false })
    // Any user may make a folder there.
    if (found?.isDirectory() && found.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true })
  }
}

/** Ends what runs there first: a namespace without a name lives as long as a program is in it. */
export function removeNamespace(name: string): void {
  for (const pid of lines('netns', 'pids', name)) endProgram(Number(pid))
  spawnSync('ip', ['netns', 'del', name])
}

function endProgram(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

const namespaces = () => lines('netns', 'list').map(line => line.split(' ')[0] ?? '')

const lines = (...words: readonly string[]): readonly string[] =>
  (spawnSync('ip', words, { encoding: 'utf8' }).stdout ?? '').split('\n').filter(line => line)

/** Labs of former versions were named by the last five digits. */
function livingProcesses(): (mark: number) => boolean {
  const living = new Set(
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(name => [Number(name), Number(name) % 100_000]),
  )
  return mark => living.has(mark)
}
