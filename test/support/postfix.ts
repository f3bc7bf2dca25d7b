// Debian's Postfix with a configuration, a queue and mailboxes of its own.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { maildir, type Peer, type PeerOptions, untilItListens } from './peer.ts'

export type PostfixOptions = PeerOptions & {
  /** Lines added to main.cf. */
  readonly more?: string
  /** Files beside it. */
  readonly files?: Readonly<Record<string, string>>
  /** A program and its arguments that runs another one elsewhere (a namespace). */
  readonly under?: readonly string[]
  /** Address and port where it listens besides. */
  readonly listen?: string
  /** Lines of master.cf added to it: further services, with their options. */
  readonly services?: readonly string[]
}

export type Postfix = Peer & {
  /** Folder of its queues. */
  readonly queue: string
  /** Folder of its configuration, for its programs (`sendmail -C`, `postqueue -c`). */
  readonly etc: string
}

export async function postfix({
  relayPort,
  more = '',
  files = {},
  under = [],
  listen,
  services: further = [],
}: PostfixOptions): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-postfix-'))
  const port = await freePort()
  const domain = 'postfix.example'
  const [etc, queue, data, mail] = ['etc', 'queue', 'data', 'mail'].map(part => join(folder, part))
  for (const path of [etc, queue, data, mail]) mkdirSync(path as string)
  spawnSync('chown', ['postfix', data as string])
  spawnSync('chown', ['nobody', mail as string])
  spawnSync('chmod', ['755', folder])
  writeFileSync(
    join(etc as string, 'main.cf'),
    eachOnce(`compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
myhostname = mx.${domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = ${domain}
virtual_mailbox_base = ${mail}
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:${relayPort}
smtpd_client_connection_count_limit = 0
smtpd_recipient_limit = 1000
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
minimal_backoff_time = 5s
queue_run_delay = 5s
${more}
`),
  )
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(etc as string, name), content)
  const services = [
    `127.0.0.1:${port} inet n - n - 100 smtpd`,
    ...(listen === undefined ? [] : [`${listen} inet n - n - 100 smtpd`]),
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'virtual unix - n n - - virtual',
    'local unix - n n - - local',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'anvil unix - - n - 1 anvil',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'scache unix - - n - 1 scache',
    'showq unix n - n - - showq',
    'postlog unix-dgram n - n - 1 postlogd',
    ...further,
  ]
  writeFileSync(join(etc as string, 'master.cf'), `${services.join('\n')}\n`)
  const say = (word: string) =>
    spawnSync('env', ['--', ...under, '/usr/sbin/postfix', '-c', etc as string, word], {
      stdio: 'ignore',
      timeout: 20_000,
    })
  if (say('start').status !== 0)
    throw new Error('postfix does not start; say "postfix check" to see why')
  if (under.length === 0) await untilItListens(port)
  return {
    name: 'Postfix',
    queue: queue as string,
    etc: etc as string,
    port,
    pid: Number(readFileSync(join(queue as string, 'pid/master.pid'), 'utf8')),
    domain,
    log: join(folder, 'log'),
    taken: () => maildir(join(mail as string, 'inbox')),
    stop: async () => {
      say('stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The last of several settings of one name, as Postfix takes it. Of the others every process would warn, and postlogd logs to itself: when
 * many begin at once it may wait for itself for ever.
 */
function eachOnce(text: string): string {
  const settings = new Map<string, string>()
  for (const setting of text.split(/\n(?![ \t])/)) {
    const [name = ''] = setting.split('=')
    settings.delete(name.trim())
    settings.set(name.trim(), setting)
  }
  return `${[...settings.values()].join('\n')}\n`
}
