// Debian's rsyslog on a /dev/log of its own: what runs beside it (`under`) logs there, and this machine's log sees nothing of it. Only for root.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './serve.ts'

export type Syslog = {
  /** RFC 3339, and as rsyslog wrote before. */
  readonly log: string
  readonly older: string
  /** Program and arguments that run another program beside it. */
  readonly under: readonly string[]
  stop(): Promise<void>
}

export async function syslog(): Promise<Syslog> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-syslog-'))
  const [log, older] = [join(folder, 'mail.log'), join(folder, 'older.log')]
  mkdirSync(join(folder, 'dev'))
  writeFileSync(
    join(folder, 'rsyslog.conf'),
    `module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")
global(workDirectory="${folder}" localHostname="mx.isp.example")
action(type="omfile" file="${log}" template="RSYSLOG_FileFormat")
action(type="omfile" file="${older}" template="RSYSLOG_TraditionalFileFormat")
`,
  )
  // A spool and a control socket of its own, too: OpenSMTPD has theirs compiled in.
  const script = `set -e
mount -t tmpfs none ${folder}/dev
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty ${folder}/dev
ln -s /proc/self/fd ${folder}/dev/fd
mount --bind ${folder}/dev /dev
mount -t tmpfs none /run
if [ -d /var/spool/smtpd ]; then mount -t tmpfs -o mode=0711 none /var/spool/smtpd; fi
exec rsyslogd -n -f ${folder}/rsyslog.conf -i ${folder}/pid`
  const child = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const pid = String(child.pid)
  await eventually(() => (existsSync(`/proc/${pid}/root/dev/log`) ? true : undefined), 60)
  return {
    log,
    older,
    under: ['nsenter', '--mount', '--target', pid],
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
