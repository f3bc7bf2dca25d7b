// Debian's OpenSMTPD. It conflicts with Postfix as a package, so tools/test.ts only unpacks it, and makes the folders it
// has compiled in.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UNPACKED } from '../../tools/debian.ts'
import { freePort } from './free-port.ts'
import { maildir, type Peer, type PeerOptions, untilItListens } from './peer.ts'

const SMTPD = join(UNPACKED, 'opensmtpd/usr/sbin/smtpd')
/** nobody, nogroup in Debian. */
const NOBODY = 65_534

type OpensmtpdOptions = PeerOptions & {
  /** Program and arguments that run another program where a syslog daemon runs, which it then logs to. */
  readonly under?: readonly string[]
}

export async function opensmtpd({ relayPort, under }: OpensmtpdOptions): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-opensmtpd-'))
  const port = await freePort()
  const domain = 'opensmtpd.example'
  const mail = join(folder, 'mail')
  mkdirSync(mail)
  chownSync(folder, NOBODY, NOBODY)
  chownSync(mail, NOBODY, NOBODY)
  const config = join(folder, 'smtpd.conf')
  writeFileSync(
    config,
    `listen on 127.0.0.1 port ${port} hostname mx.${domain}
action "in" maildir "${mail}" virtual { "@" = "nobody" }
action "out" relay host smtp://127.0.0.1:${relayPort}
match from any for domain "${domain}" action "in"
match from any for any action "out"
`,
  )
  const [program, ...args] = [...(under ?? []), SMTPD, under ? '-F' : '-d', '-f', config]
  const child = spawn(program, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await untilItListens(port)
  return {
    name: 'OpenSMTPD',
    port,
    pid: child.pid ?? 0,
    domain,
    taken: () => maildir(mail),
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
