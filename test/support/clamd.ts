// ClamAV's daemon with one signature, that of the EICAR test file, on a free loopback port.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { untilItListens } from './peer.ts'

/** https://www.eicar.org: harmless, and known to every scanner. In two halves, so that none finds it here. */
export const EICAR = [
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR',
  'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('-')

export async function clamd(): Promise<{ readonly port: number; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-clamd-'))
  const port = await freePort()
  const database = join(folder, 'db')
  mkdirSync(database)
  writeFileSync(
    join(database, 'test.ndb'),
    `Eicar-Test-Signature:0:*:${Buffer.from(EICAR).toString('hex')}\n`,
  )
  const config = join(folder, 'clamd.conf')
  writeFileSync(
    config,
    `DatabaseDirectory ${database}
OfficialDatabaseOnly no
TCPSocket ${port}
TCPAddr 127.0.0.1
Foreground yes
User root
StreamMaxLength 1M
AlertExceedsMax yes
TemporaryDirectory ${folder}
`,
  )
  const child = spawn('/usr/sbin/clamd', ['-c', config], { stdio: 'ignore' })
  await untilItListens(port)
  return {
    port,
    stop: () => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
