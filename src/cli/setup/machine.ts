// What `cordon setup` asks of the machine it runs on: files and programs, each with a bound. A test hands it a folder and answers instead.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { SECOND } from '../../model/duration.ts'

/** `missing`: there is no such program. */
export type Ran = { readonly text: string } | { readonly missing: true } | { readonly why: string }

export type Machine = {
  /** Its numeric user; 0 is root. */
  readonly user: number
  /** Throws an error of the system. */
  read(path: string): string
  /** Names in a folder; throws an error of the system. */
  list(path: string): readonly string[]
  /** Throws an error of the system. */
  link(path: string): string
  run(program: string, args: readonly string[]): Promise<Ran>
}

/** A program that looks at its own files answers at once, or waits for a lock. */
const PATIENCE = 5 * SECOND
/** Where programs of the system are that an ordinary user's PATH has not. */
const SYSTEM = ':/usr/local/sbin:/usr/sbin:/sbin'

/** `root`: in front of every path. */
export const thisMachine = (root = ''): Machine => ({
  user: process.geteuid?.() ?? 0,
  read: path => readFileSync(join(root, path), 'utf8'),
  list: path => readdirSync(join(root, path)),
  link: path => readlinkSync(join(root, path)),
  run: (program, args) =>
    new Promise(resolve => {
      const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}${SYSTEM}` }
      execFile(program, args, { timeout: PATIENCE, env }, (error, stdout, stderr) => {
        if (!error) resolve({ text: stdout })
        else if (error.code === 'ENOENT') resolve({ missing: true })
        else if (error.killed === true)
          resolve({ why: `no answer in ${PATIENCE / SECOND} seconds` })
        else resolve({ why: stderr.trim().split('\n')[0] || error.message })
      }).on('error', () => undefined)
    }),
})

/** What is read, or why it is not; undefined: it is not there. */
export function tryRead<T>(
  read: () => T,
): { readonly is: T } | { readonly why: string } | undefined {
  try {
    return { is: read() }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return { why: code === 'EACCES' ? 'this user may not read it' : message }
  }
}
