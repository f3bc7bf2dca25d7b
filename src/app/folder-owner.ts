// Root may write into any user's folder, and what it makes there its owner cannot write afterwards: a start by hand would leave a ledger, a
// queue and Maildirs that the service does not get open. Where everything is root's, as in many containers, root owns the folder.

import { readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../model/errors.ts'

/** Throws ConfigError when root starts, or does what else `command` says, in a folder of another user. A folder that does not exist is accepted: root will own it. */
export function mustNotBeRootIn(folder: string, me = process.geteuid?.(), command = 'serve'): void {
  const { uid, gid } = statSync(folder, { throwIfNoEntry: false }) ?? { uid: me, gid: me }
  if (me !== 0 || uid === undefined || uid === 0) return
  const name = userName(uid)
  const owner = name ?? `user ${uid}`
  const as =
    name === undefined
      ? `setpriv --reuid=${uid} --regid=${gid} --clear-groups cordon ${command} …`
      : `runuser -u ${name} -- cordon ${command} …`
  throw new ConfigError(
    'dataFolder',
    `${folder} belongs to ${owner}, and this is root: ${owner} could not write what root makes there`,
    `Run it as ${owner}: ${as}; or, if root is to run it from now on, say "chown -R root: ${folder}".`,
  )
}

/** Undefined: there is none of this number. */
export const userName = (uid: number): string | undefined =>
  users().find(([, , id]) => id === String(uid))?.[0]

export const isUser = (name: string): boolean => users().some(([one]) => one === name)

/** Of /etc/passwd only: a directory service may not answer. */
function users(): readonly (readonly string[])[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(row => row.split(':'))
  } catch {
    return []
  }
}
