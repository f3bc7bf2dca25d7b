// Postfix's smtp-sink: takes mail, or refuses it in a chosen way.

import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './serve.ts'

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
  await eventually(() => listens(host, port))
  return {
    taken: () => readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1')),
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function listens(host: string, port: number): Promise<true | undefined> {
  return new Promise(resolve => {
    const socket = connect(port, host)
    socket.on('connect', () => resolve(true)).on('error', () => resolve(undefined))
    socket.on('connect', () => socket.destroy())
  })
}
