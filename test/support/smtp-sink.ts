// Postfix's smtp-sink: takes mail, or refuses it in a chosen way.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilItListens } from './peer.ts'

export type Sink = {
  /** Every message it has taken, as it wrote it down. */
  taken(): string[]
  stop(): void
}

export async function sink(host: string, port: number, ...args: string[]): Promise<Sink> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-sink-'))
  const child: ChildProcess = spawn(
    '/usr/sbin/smtp-sink',
    ['-u', 'root', '-d', '%M.', ...args, `${host}:${port}`, '1000'],
    { cwd: folder, stdio: 'ignore' },
  )
  await untilItListens(port, host)
  return {
    taken: () => readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1')),
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
