// Debian's Courier with everything in a temporary folder: IMAP and POP3 on loopback. It cannot be installed beside Dovecot, so tools/debian.ts
// only unpacks it, and it runs in a mount namespace in which the socket of its password server is ours. Every user exists, with the password
// "secret". Only for root.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UNPACKED } from '../../tools/debian.ts'
import { freePort } from './free-port.ts'
import { maildir, untilItListens } from './peer.ts'

export type Courier = {
  readonly imapPort: number
  readonly pop3Port: number
  /** The Maildir of this user, for files that are there before its first login. */
  inbox(user: string): string
  /** Everything in a folder, read or not, as it lies on disk; the inbox without a name. */
  folder(user: string, name?: string): string[]
  stop(): Promise<void>
}

/** Debian's user and group "mail" (base-passwd). */
const MAIL = 8
const PARTS = ['new', 'cur', 'tmp']

const at = (path: string): string => join(UNPACKED, path)
const LIBRARIES = [
  'courier-authlib/usr/lib',
  'libcourier-unicode4/usr/lib/x86_64-linux-gnu',
  'libgamin0/usr/lib/x86_64-linux-gnu',
]
  .map(at)
  .join(':')

/** As in Debian's /etc/courier/imapd; without locks, which want another daemon. */
const SETTINGS = {
  IMAP_CAPABILITY:
    'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE',
  IMAP_KEYWORDS: '1',
  IMAP_ACL: '1',
  IMAP_IDLE_TIMEOUT: '60',
  IMAP_USELOCKS: '0',
  IMAP_EMPTYTRASH: 'Trash:7',
  IMAP_TLS_REQUIRED: '0',
  POP3_TLS_REQUIRED: '0',
}

export async function courier(): Promise<Courier> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-courier-'))
  const mail = join(folder, 'mail')
  chmodSync(folder, 0o755)
  mkdirSync(mail)
  const passwords = await passwordServer(join(folder, 'run/courier/authdaemon'), mail)
  const imapPort = await freePort()
  const pop3Port = await freePort()
  const programs = [
    [
      imapPort,
      at('courier-imap/usr/lib/courier/courier/imaplogin'),
      at('courier-imap/usr/bin/imapd'),
    ],
    [
      pop3Port,
      at('courier-pop/usr/lib/courier/courier/courierpop3login'),
      at('courier-pop/usr/lib/courier/courier/courierpop3d'),
    ],
  ] as const
  const children = programs.map(([port, login, reader]) => {
    const daemon = [at('courier-base/usr/sbin/couriertcpd'), '-address=127.0.0.1']
    const most = ['-maxprocs=100', '-maxperip=100', '-nodnslookup', '-noidentlookup']
    const command = [...daemon, ...most, String(port), login, reader, 'Maildir']
    const mounted = `mount --bind ${folder}/run /run && exec "$@"`
    return spawn('unshare', ['--mount', 'sh', '-c', mounted, 'sh', ...command], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: LIBRARIES, ...SETTINGS },
    })
  })
  const ended = children.map(child => once(child, 'exit'))
  for (const port of [imapPort, pop3Port]) await untilItListens(port)
  return {
    imapPort,
    pop3Port,
    inbox: user => {
      const box = join(mail, user, 'Maildir')
      for (const part of PARTS) mkdirSync(join(box, part), { recursive: true })
      return box
    },
    folder: (user, name) => {
      const one = join(mail, user, 'Maildir', name === undefined ? '' : `.${name}`)
      return [...maildir(one), ...maildir(one, 'cur')]
    },
    stop: async () => {
      for (const child of children) child.kill()
      await Promise.all(ended)
      passwords.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What authdaemond(8) says to a login, in its protocol; the mailbox is made when it is asked for first. */
async function passwordServer(folder: string, mail: string) {
  mkdirSync(folder, { recursive: true })
  const server = createServer(socket => {
    let asked = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => {
      asked += String(chunk)
      const [, login = '', password] = /^login\n([^\n/]+)\n([^\n]*)\n/m.exec(asked) ?? []
      if (password === undefined) return
      if (password !== 'secret') return void socket.end('FAIL\n')
      const home = join(mail, login)
      const box = join(home, 'Maildir')
      for (const part of PARTS) mkdirSync(join(box, part), { recursive: true })
      spawnSync('chown', ['-R', `${MAIL}:${MAIL}`, home])
      const lines = [`UID=${MAIL}`, `GID=${MAIL}`, `ADDRESS=${login}`, `HOME=${home}`, '.']
      socket.end(`${lines.join('\n')}\n`)
    })
  })
  const path = join(folder, 'socket')
  server.listen(path)
  await once(server, 'listening')
  chmodSync(path, 0o777)
  return server
}
