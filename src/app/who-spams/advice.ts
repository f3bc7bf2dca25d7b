// The commands that stop a login on the server whose log it is: printed, never run. A name from a log is quoted for a shell, or not printed.

import type { Grammar } from '../../sensors/mail-log/log-fact.ts'
import type { Row } from './verdict.ts'

const MOST_IDS = 20

export function adviceFor(row: Row, programs: readonly Grammar['name'][]): readonly string[] {
  const login = quoted(row.who.replace(/^user:/, ''))
  if (login === undefined) return []
  const isLogin = !/^(?:user|address):/.test(row.who)
  const hasDovecot = programs.includes('dovecot')
  const [mta] = programs.filter(name => name !== 'dovecot')
  const lines: string[] = []
  if (isLogin && hasDovecot)
    lines.push(`doveadm kick ${login}`, `doveadm auth cache flush ${login}`)
  if (mta === 'postfix') {
    if (isLogin)
      lines.push(
        `printf '%s REJECT login is stopped\\n' ${login} >> /etc/postfix/stopped_logins && postmap /etc/postfix/stopped_logins  # with smtpd_sender_restrictions = check_sasl_access hash:/etc/postfix/stopped_logins`,
      )
    const ids = idsOf(row)
    if (ids.length > 0) lines.push(`printf '%s\\n' ${ids.join(' ')} | postsuper -h -`)
  }
  if (mta === 'exim') {
    const ids = idsOf(row)
    if (ids.length > 0) lines.push(`exim -Mf ${ids.join(' ')}`)
  }
  if (mta === 'opensmtpd')
    lines.push(
      ...idsOf(row)
        .slice(0, 5)
        .map(id => `smtpctl pause envelope ${id}`),
    )
  if (mta === 'sendmail') lines.push(`mailq -qS${login}`, `sendmail -qQ -qS${login} -Qstopped`)
  if (isLogin)
    lines.push(`# then change the password of ${login}: a thief that has it can log in again`)
  return lines
}

/** Queue ids have letters, digits and `-`. */
const idsOf = ({ queueIds }: Row): readonly string[] =>
  queueIds.filter(id => /^[0-9A-Za-z-]+$/.test(id)).slice(-MOST_IDS)

/** POSIX shell; undefined for what no mail login is. */
function quoted(name: string): string | undefined {
  if (!/^[^\p{Cc}'\\]{1,254}$/u.test(name) || name.startsWith('-')) return undefined
  return /^[A-Za-z0-9._@+-]+$/.test(name) ? name : `'${name}'`
}
