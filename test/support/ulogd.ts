// Debian's ulogd2 on a router of the tests: it tells Cordon what the kernel logged.

import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Host, inside } from './namespaces.ts'
import { eventually } from './serve.ts'

const SHIPPED = join(import.meta.dirname, '../../etc/ulogd.conf')

/** Its configuration is the one we ship, but for where it writes its own log: into `folder`. Resolves once it listens to the kernel. */
export async function startUlogd(router: Host, folder: string): Promise<ChildProcess> {
  const [config, log] = [join(folder, 'ulogd.conf'), join(folder, 'ulogd.log')]
  const shipped = readFileSync(SHIPPED, 'utf8')
  writeFileSync(config, shipped.replace('logfile="syslog"', `logfile="${log}"`))
  const started = inside(router, 'ulogd', '-c', config)
  await eventually(() =>
    existsSync(log) && readFileSync(log, 'utf8').includes('entering main loop') ? true : undefined,
  ).catch((error: unknown) => {
    started.kill('SIGKILL')
    throw error
  })
  return started
}
