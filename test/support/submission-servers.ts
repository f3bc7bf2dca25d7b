// Debian's Exim and Dovecot as servers that customers hand over mail to, each good at one address and badly set up at another, in a network of the test's own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIM } from './exim.ts'
import { run } from './serve.ts'

export type SubmissionAt = {
  /** Where it is good, and where it is not. */
  readonly good: string
  readonly loose: string
  /** Files: certificates, its own first. */
  readonly chain: string
  readonly key: string
  readonly under: readonly string[]
}

/** Loose: AUTH on 25 and before TLS, TLS 1.0, and it sends for anybody. */
export async function eximSubmission(at: SubmissionAt): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-exim-'))
  for (const part of ['log', 'spool']) mkdirSync(join(folder, part))
  const config = join(folder, 'exim.conf')
  const isLoose = `eq{$received_ip_address}{${at.loose}}`
  writeFileSync(
    config,
    `primary_hostname = mail.exim.example
exim_path = ${EXIM}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/pid
keep_environment =
local_interfaces = <; ${at.good} ; ${at.loose}
daemon_smtp_ports = 25 : 465 : 587
tls_on_connect_ports = 465
tls_advertise_hosts = *
tls_certificate = ${at.chain}
tls_privatekey = ${at.key}
tls_require_ciphers = \${if ${isLoose}{NORMAL:%COMPAT:+VERS-TLS1.0}{NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2}}
auth_advertise_hosts = \${if or{{${isLoose}}{and{{def:tls_in_cipher}{!eq{$received_port}{25}}}}}{*}{}}
acl_smtp_rcpt = at_rcpt
begin acl
at_rcpt:
  accept condition = \${if ${isLoose}}
  accept authenticated = *
  deny message = relay not permitted
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = false
begin routers
begin transports
begin retry
`,
  )
  await run('chown', ['Debian-exim', folder, join(folder, 'log'), join(folder, 'spool')])
  return stopping(started(at.under, EXIM, '-C', config, '-bdf'), folder)
}

/** Loose: AUTH before TLS, and TLS 1.0. It takes no mail of other servers. */
export async function dovecotSubmission(at: SubmissionAt): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-dovecot-'))
  for (const part of ['run', 'state', 'mail']) mkdirSync(join(folder, part))
  await run('chmod', ['-R', '777', folder])
  const config = join(folder, 'dovecot.conf')
  const listeners = [at.good, at.loose].flatMap((address, i) => [
    `  inet_listener submission${i} {\n    address = ${address}\n    port = 587\n  }`,
    `  inet_listener submissions${i} {\n    address = ${address}\n    port = 465\n    ssl = yes\n  }`,
  ])
  writeFileSync(
    config,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = submission
hostname = mail.dovecot.example
submission_relay_host = 127.0.0.1
ssl = required
ssl_cert = <${at.chain}
ssl_key = <${at.key}
ssl_min_protocol = TLSv1.2
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=dovecot gid=dovecot home=${folder}/mail/%u
}
local ${at.loose} {
  ssl = yes
  disable_plaintext_auth = no
  ssl_min_protocol = TLSv1
  ssl_cipher_list = ALL:@SECLEVEL=0
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service submission-login {
  chroot =
  inet_listener submission {
    port = 0
  }
${listeners.join('\n')}
}
`,
  )
  return stopping(started(at.under, '/usr/sbin/dovecot', '-F', '-c', config), folder)
}

const started = (under: readonly string[], ...program: readonly string[]): ChildProcess =>
  spawn('env', ['--', ...under, ...program], { stdio: 'ignore' })

function stopping(child: ChildProcess, folder: string): () => Promise<void> {
  const ended = once(child, 'exit')
  return async () => {
    child.kill()
    await ended
    // Its children may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
