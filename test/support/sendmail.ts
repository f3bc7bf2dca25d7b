// Debian's Sendmail, unpacked, with a configuration and a queue of its own: everything goes on to one server on loopback.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UNPACKED } from '../../tools/debian.ts'
import { freePort } from './free-port.ts'
import { untilItListens } from './peer.ts'
import { run } from './serve.ts'

const PROGRAM = join(UNPACKED, 'sendmail-bin/usr/libexec/sendmail/sendmail')
const CF = join(UNPACKED, 'sendmail-cf/usr/share/sendmail/cf')

export type Sendmail = {
  readonly port: number
  /** Ids of messages that a milter has put into quarantine. */
  held(): readonly string[]
  stop(): Promise<void>
}

export async function sendmail(options: {
  /** Without it no milter is asked. */
  readonly milterPort?: number
  readonly relayPort: number
  /** Program and arguments that run another program where it is to run. */
  readonly under?: readonly string[]
}): Promise<Sendmail> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-sendmail-'))
  const port = await freePort()
  const queue = join(folder, 'queue')
  mkdirSync(queue, { mode: 0o700 })
  writeFileSync(join(folder, 'switch'), 'hosts files\naliases files\n')
  const macros = `divert(-1)
include(\`${CF}/m4/cf.m4')
divert(0)
OSTYPE(\`linux')dnl
define(\`confDOMAIN_NAME', \`mx.sendmail.example')dnl
define(\`QUEUE_DIR', \`${queue}')dnl
define(\`STATUS_FILE', \`${folder}/status')dnl
define(\`confPID_FILE', \`${folder}/pid')dnl
define(\`confSERVICE_SWITCH_FILE', \`${folder}/switch')dnl
define(\`confTO_IDENT', \`0')dnl
define(\`confDONT_BLAME_SENDMAIL', \`GroupWritableDirPathSafe')dnl
define(\`SMART_HOST', \`relay:[127.0.0.1]')dnl
define(\`RELAY_MAILER_ARGS', \`TCP $h ${options.relayPort}')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`promiscuous_relay')dnl
FEATURE(\`no_default_msa')dnl
DAEMON_OPTIONS(\`Family=inet, Addr=127.0.0.1, Port=${port}, Name=MTA')dnl
${options.milterPort === undefined ? '' : `INPUT_MAIL_FILTER(\`cordon', \`S=inet:${options.milterPort}@127.0.0.1, F=T')dnl`}
MAILER(\`smtp')dnl
`
  // It warns about open relays on its standard error.
  const made = await run('sh', ['-c', `m4 -I ${CF} - 2>/dev/null`], macros)
  if (made.code !== 0) throw new Error('m4 cannot make a configuration')
  const config = join(folder, 'sendmail.cf')
  writeFileSync(config, made.output)
  // A machine whose name has no dot makes it sleep for a minute: it gets one with a name of its own.
  const command = `hostname mx.sendmail.example && exec ${PROGRAM} -C ${config} -bD -q1s`
  const [program, ...args] = [...(options.under ?? []), 'unshare', '--uts', 'sh', '-c', command]
  const child = spawn(program, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await untilItListens(port)
  return {
    port,
    held: () => readdirSync(queue).filter(name => name.startsWith('hf')),
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
