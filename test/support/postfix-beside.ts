// Debian's Postfix with the lines of docs/integrate-postfix.md, with blocks of master.cf as systems ship them, and Dovecot's SASL.

import type { Dovecot } from './dovecot.ts'
import { blocksOf, servicesOf } from './postfix-page.ts'
import { type Postfix, postfix } from './postfix.ts'
import { run } from './serve.ts'
import { SHIPPED } from './shipped-master.ts'

export type Beside = {
  readonly peer: Postfix
  readonly submission: number
  readonly submissions: number
}

export type Own = {
  readonly system?: keyof typeof SHIPPED
  /** What stands in smtpd_recipient_restrictions already. */
  readonly own?: string
  /** Lines in place of the page's of the same name. */
  readonly instead?: Readonly<Record<string, string>>
}

type Around = Own & { readonly folder: string; readonly sasl: Dovecot }

/** `key` and `cert` in this folder. */
export const certificateIn = (folder: string) =>
  run(
    'openssl',
    [
      'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.postfix.example'.split(' '),
      ['-keyout', `${folder}/key`, '-out', `${folder}/cert`],
    ].flat(),
  )

/** Cordon is at this port. */
export async function besideOf(
  section: string,
  port: number,
  { folder, sasl, system = 'Debian', own = '', instead = {} }: Around,
): Promise<Beside> {
  const page = blocksOf(section)
  const { ports, services } = await servicesOf(SHIPPED[system], page.master)
  const main = page.main
    .replaceAll(/inet:127\.0\.0\.1:\d+/g, `inet:127.0.0.1:${port}`)
    .replace(/^(smtpd_recipient_restrictions = .*)$/m, `$1${own === '' ? '' : `, ${own}`}`)
    .replaceAll(/^(\w+) = .*$/gm, (line, name) =>
      instead[name] === undefined ? line : `${name} = ${instead[name]}`,
    )
  const peer = await postfix({
    relayPort: 9,
    services,
    more: `smtpd_authorized_xclient_hosts = 127.0.0.1
mynetworks = 127.0.0.0/8 192.0.2.0/28
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${sasl.authSocket}
smtpd_tls_chain_files = ${folder}/key, ${folder}/cert
${main}`,
  })
  const [submission = 0, submissions = 0] = ports
  return { peer, submission, submissions }
}
