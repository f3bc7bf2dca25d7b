// A DNS of our own on loopback: Debian's unbound, with exactly these records.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Resolver } from 'node:dns/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { eventually } from './serve.ts'

export type LocalDns = { readonly server: string; stop(): void }

/**
 * `records` as in a zone file, with full names; queries for a domain in `silent` are dropped. `under`: a program and its arguments that
 * runs it elsewhere (a namespace), on that one's loopback.
 */
export async function localDns(
  records: readonly string[],
  silent: readonly string[] = [],
  under: readonly string[] = [],
): Promise<LocalDns> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-dns-'))
  const port = await freePort()
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    `server:
  interface: 127.0.0.1@${port}
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/pid"
  use-syslog: no
  logfile: "${folder}/log"
  verbosity: 1
  do-not-query-localhost: yes
  local-zone: "." static
  local-zone: "example." static
  local-data: "up.example. A 127.0.0.1"
${silent.map(name => `  local-zone: "${name}." deny\n`).join('')}${records.map(record => `  local-data: '${record}'\n`).join('')}
remote-control:
  control-enable: no
`,
  )
  const [program, ...words] = [...under, '/usr/sbin/unbound', '-d', '-c', config]
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  const server = `127.0.0.1:${port}`
  const asking = new Resolver({ timeout: 200, tries: 1 })
  asking.setServers([server])
  const log = join(folder, 'log')
  await eventually(() =>
    existsSync(log) && readFileSync(log, 'utf8').includes('start of service') ? true : undefined,
  )
  if (under.length === 0)
    await eventually(() => asking.resolve4('up.example').catch(() => undefined))
  return {
    server,
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
