// Debian's Exim. It conflicts with Postfix as a package, so tools/test.ts only unpacks it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UNPACKED } from '../../tools/debian.ts'
import { freePort } from './free-port.ts'
import { maildir, type Peer, type PeerOptions, untilItListens } from './peer.ts'
import { run } from './serve.ts'

export const EXIM = join(UNPACKED, 'exim4-daemon-light/usr/sbin/exim4')

type EximOptions = PeerOptions & {
  /** Lines from `acl_smtp_data` on to the end of the section of ACLs. */
  readonly acl?: string
}

export async function exim({ relayPort, acl = '' }: EximOptions): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-exim-'))
  const port = await freePort()
  const domain = 'exim.example'
  for (const part of ['mail', 'log', 'spool']) mkdirSync(join(folder, part))
  const config = join(folder, 'exim.conf')
  writeFileSync(
    config,
    `primary_hostname = mx.${domain}
exim_path = ${EXIM}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/pid
keep_environment =
domainlist local_domains = ${domain}
local_interfaces = <; [127.0.0.1]:${port}
smtp_accept_max = 200
acl_smtp_rcpt = accept
${acl}
begin routers
mine:
  driver = accept
  domains = +local_domains
  transport = maildir
others:
  driver = manualroute
  route_list = * 127.0.0.1::${relayPort}
  self = send
  transport = smtp
begin transports
maildir:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  user = Debian-exim
smtp:
  driver = smtp
begin retry
* * F,1h,5s
`,
  )
  // Its own, but for the configuration: that must be root's.
  const own = ['mail', 'log', 'spool'].map(part => join(folder, part))
  await run('chown', ['Debian-exim', folder, ...own])
  const child = spawn(EXIM, ['-C', config, '-bdf', '-q5s'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await untilItListens(port)
  return {
    name: 'Exim',
    port,
    pid: child.pid ?? 0,
    domain,
    log: join(folder, 'log/mainlog'),
    taken: () => maildir(join(folder, 'mail')),
    stop: async () => {
      child.kill()
      await ended
      // Its children may still write.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
