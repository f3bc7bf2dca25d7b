// The commands against a sender on the server whose log it is: printed, never run. A name from a log is data of a shell and of a table, or is not
// printed. Where no command stops a login without the server's configuration, that is said.

import type { Grammar } from '../../sensors/mail-log/log-fact.ts'
import type { Row } from './verdict.ts'

const MOST_IDS = 20
/** What neither a shell nor a table of Postfix, Exim, Sendmail or OpenSMTPD takes for more than a name. */
const PLAIN = /^[A-Za-z0-9._@+=][A-Za-z0-9._@+=-]{0,253}$/

type Mta = Exclude<Grammar['name'], 'dovecot'>
type Advice = { readonly login: (name: string) => string; readonly queue: (ids: string) => string }

/** `login`: needs once the line that is named behind it. */
const ADVICE: Readonly<Record<Mta, Advice>> = {
  postfix: {
    login: name =>
      `printf '%s REJECT login is stopped\\n' ${name} >> /etc/postfix/stopped_logins && postmap /etc/postfix/stopped_logins  # stops it only where main.cf has, first in its list: smtpd_sender_restrictions = check_sasl_access hash:/etc/postfix/stopped_logins`,
    queue: ids => `printf '%s\\n' ${ids} | postsuper -h -`,
  },
  exim: {
    login: name =>
      `printf '%s\\n' ${name} >> /etc/exim4/stopped_logins  # stops it only where the ACL of MAIL (acl_smtp_mail) has, first: deny authenticated = * condition = \${lookup{$authenticated_id}lsearch{/etc/exim4/stopped_logins}{yes}{no}} message = login is stopped`,
    queue: ids => `exim -Mf ${ids}`,
  },
  sendmail: {
    login: name =>
      `# no command stops ${name} in Sendmail: change its password, or lock it where SASL looks it up`,
    queue: ids => `for id in ${ids}; do sendmail -qI$id -Qstopped; done`,
  },
  opensmtpd: {
    login: name =>
      `# no command stops ${name} in OpenSMTPD: change its password, or take it out of the table of auth`,
    queue: ids => `for id in ${ids}; do smtpctl pause envelope $id; done`,
  },
}

export function adviceFor(row: Row, programs: readonly Grammar['name'][]): readonly string[] {
  const { kind, name } = row.sender
  const isLogin = kind === 'login'
  if (isLogin && !PLAIN.test(name))
    return [
      '# its name has characters that a command or a table could take for more: change its password by hand',
    ]
  const mta = programs.find(one => one !== 'dovecot')
  const ids = idsOf(row).join(' ')
  return [
    ...(isLogin && programs.includes('dovecot')
      ? [`doveadm kick ${name}`, `doveadm auth cache flush ${name}`]
      : []),
    ...(isLogin && mta ? [ADVICE[mta].login(name)] : []),
    ...(mta && ids !== ''
      ? [`${ADVICE[mta].queue(ids)}  # of its last ${idsOf(row).length}, what still waits`]
      : []),
    ...(isLogin
      ? [`# then change the password of ${name}: a thief that has it can log in again`]
      : []),
    ...(kind === 'user'
      ? [
          `# no command here stops programs of ${PLAIN.test(name) ? name : 'this user'}: look for what sends in its site or cron`,
        ]
      : []),
  ]
}

/** Queue ids have letters, digits and `-`. */
const idsOf = ({ queueIds }: Row): readonly string[] =>
  queueIds.filter(id => /^[0-9A-Za-z][0-9A-Za-z-]*$/.test(id)).slice(-MOST_IDS)
