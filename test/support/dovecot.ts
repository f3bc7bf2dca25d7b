// Debian's Dovecot with everything in a temporary folder: takes mail over LMTP, shows it over IMAP. Every user exists,
// with the password "secret".

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { maildir, untilItListens } from './peer.ts'
import { eventually, run } from './serve.ts'

export type Dovecot = {
  readonly lmtpSocket: string
  readonly lmtpPort: number
  readonly imapPort: number
  /** 0 without; the whole log of the server is in `log`. */
  readonly pop3Port: number
  log(): string
  /** TLS from the first byte; 0 without. */
  readonly imapsPort: number
  /** Everything in a folder of a mailbox but the inbox, as it lies on disk. */
  folder(user: string, name: string): string[]
  /** Answers in Postfix's policy protocol whether a mailbox is full. */
  readonly quotaPort: number
  /** Where Postfix asks whether a password is right (smtpd_sasl_type = dovecot). */
  readonly authSocket: string
  /** Everything in somebody's inbox, as it lies on disk. */
  messages(user: string): string[]
  /** Text of a message in somebody's inbox, by number; undefined when there is none. */
  read(user: string, number: number): Promise<string | undefined>
  stop(): Promise<void>
}

/** `storage`: how much a mailbox may hold, such as `1M`; anything without it. */
export async function dovecot({
  storage = '0',
  tls,
  pop3 = false,
  tokensPort,
  haproxy = false,
}: {
  readonly storage?: string
  /** Files with a certificate and its key: then IMAP is offered with TLS, too. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** POP3, too, from this machine with the client's address in Dovecot's XCLIENT. */
  readonly pop3?: boolean
  /** Tokens are right as this server says (RFC 7662), which is on this port. */
  readonly tokensPort?: number
  /** What connects says the client's address in a PROXY header. */
  readonly haproxy?: boolean
} = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-dovecot-'))
  const [imapPort, lmtpPort, quotaPort] = [await freePort(), await freePort(), await freePort()]
  const imapsPort = tls ? await freePort() : 0
  const pop3Port = pop3 ? await freePort() : 0
  for (const part of ['run', 'state', 'mail']) mkdirSync(join(folder, part))
  await run('chmod', ['-R', '777', folder])
  const config = join(folder, 'dovecot.conf')
  writeFileSync(
    config,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap lmtp${pop3 ? ' pop3\nlogin_trusted_networks = 127.0.0.1' : ''}
${haproxy ? 'haproxy_trusted_networks = 127.0.0.1' : ''}
${tls ? `ssl = yes\nssl_cert = <${tls.cert}\nssl_key = <${tls.key}` : 'ssl = no'}
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 0
mail_location = maildir:${folder}/mail/%u
${tokensPort === undefined ? '' : `auth_mechanisms = plain xoauth2 oauthbearer\npassdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = ${folder}/oauth2\n}`}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=dovecot gid=dovecot home=${folder}/mail/%u
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}${haproxy ? '\n    haproxy = yes' : ''}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${imapsPort}
    ssl = ${tls ? 'yes' : 'no'}
  }
}
${pop3 ? pop3Service(pop3Port, haproxy) : ''}mail_plugins = quota
plugin {
  quota = count:User quota
  quota_rule = *:storage=${storage}
  quota_vsizes = yes
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = "552 5.2.2 Mailbox is full"
}
service quota-status {
  executable = quota-status -p postfix
  client_limit = 1
  inet_listener {
    address = 127.0.0.1
    port = ${quotaPort}
  }
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
`,
  )
  if (tokensPort !== undefined)
    writeFileSync(
      join(folder, 'oauth2'),
      `introspection_url = http://127.0.0.1:${tokensPort}/\nintrospection_mode = post\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`,
    )
  // In the foreground, so that it is our child and ends with us.
  const child = spawn('/usr/sbin/dovecot', ['-F', '-c', config], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const read = async (user: string, number: number) => {
    const { code, output } = await run('curl', [
      '-sS',
      '--user',
      `${user}:secret`,
      `imap://127.0.0.1:${imapPort}/INBOX;MAILINDEX=${number}`,
    ])
    return code === 0 ? output : undefined
  }
  if (haproxy) await untilItListens(imapPort)
  else
    await eventually(async () =>
      (await run('curl', ['-sS', '--user', 'up:secret', `imap://127.0.0.1:${imapPort}/`])).code ===
      0
        ? true
        : undefined,
    )
  return {
    lmtpSocket: join(folder, 'run/lmtp'),
    lmtpPort,
    imapPort,
    imapsPort,
    pop3Port,
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    folder: (user, name) => foldersOf(join(folder, 'mail', user, `.${name}`)),
    quotaPort,
    authSocket: join(folder, 'run/auth-postfix'),
    read,
    messages: user => maildir(join(folder, 'mail', user)),
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Its other listener is on port 0, which is none. */
const pop3Service = (port: number, haproxy: boolean) => `service pop3-login {
  chroot =
  inet_listener pop3 {
    address = 127.0.0.1
    port = ${port}${haproxy ? '\n    haproxy = yes' : ''}
  }
  inet_listener pop3s {
    port = 0
  }
}
`

/** Read ones, too. */
const foldersOf = (folder: string): string[] => [...maildir(folder), ...maildir(folder, 'cur')]
