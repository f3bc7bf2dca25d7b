// Whether the user that Cordon or Postfix runs as may open a socket: the kernel is asked, by a child that becomes that user. Root may open
// every socket, so what root's doctor asks says nothing of that. Nothing is written to the socket.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { userName } from '../app/folder-owner.ts'
import { SECOND } from '../model/duration.ts'

/** What the kernel says to that user, with the rights of the socket as they are; undefined: it may open it, or that cannot be known here. */
export type RefusedTo = {
  readonly user: string
  /** Number of its own group. */
  readonly group: number
  readonly why: string
  readonly rights: string
}

const AS_USER = `
const [path, uid, gid, ...groups] = process.argv.slice(1)
process.setgroups(groups.map(Number))
process.setgid(Number(gid))
process.setuid(Number(uid))
require('node:net')
  .connect({ path })
  .on('connect', () => process.exit(0))
  .on('error', error => {
    console.log(error.code)
    process.exit(1)
  })
`
/** ms. */
const WITHIN = 10 * SECOND

/** Tried as the owner of the data folder, by root only. */
export function refusedToOwner(socket: string, folder: string): RefusedTo | undefined {
  const owner = statSync(folder, { throwIfNoEntry: false })
  return owner && refusedTo(socket, owner)
}

/** Tried as this user, by root only. */
export function refusedToUser(socket: string, name: string): RefusedTo | undefined {
  const number = (which: '-u' | '-g') => {
    const { stdout } = spawnSync('id', [which, '--', name], { encoding: 'utf8', timeout: WITHIN })
    return /^\d+\n$/.test(stdout ?? '') ? Number(stdout) : undefined
  }
  const [uid, gid] = [number('-u'), number('-g')]
  return uid === undefined || gid === undefined ? undefined : refusedTo(socket, { uid, gid })
}

type User = { readonly uid: number; readonly gid: number }

function refusedTo(socket: string, { uid, gid }: User): RefusedTo | undefined {
  if (uid === 0 || process.geteuid?.() !== 0) return undefined
  const args = [socket, uid, gid, ...groupsOf(uid, gid)].map(String)
  const { stdout } = spawnSync(process.execPath, ['-e', AS_USER, '--', ...args], {
    encoding: 'utf8',
    timeout: WITHIN,
  })
  const why = (stdout ?? '').trim()
  if (why !== 'EACCES' && why !== 'EPERM') return undefined
  const user = userName(uid) ?? `user ${uid}`
  return { user, group: gid, why, rights: rightsOf(socket) }
}

/** Those of the processes that run as this user (a unit may give it more); where none does, those of the user. */
function groupsOf(uid: number, gid: number): readonly number[] {
  const running = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(statusOf)
    .filter(status => /^Uid:\t\d+\t(\d+)\t/m.exec(status)?.[1] === String(uid))
    .map(status => /^Groups:(.*)$/m.exec(status)?.[1] ?? '')
  const said =
    running.length > 0
      ? running.join(' ')
      : spawnSync('id', ['-G', '--', String(uid)], { encoding: 'utf8', timeout: WITHIN }).stdout
  const named = (said ?? '').split(/\s+/).filter(word => /^\d+$/.test(word))
  return [...new Set([gid, ...named.map(Number)])]
}

/** Empty of a process that has ended. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/** `0600 of user 0, group 0`. */
function rightsOf(socket: string): string {
  const found = statSync(socket, { throwIfNoEntry: false })
  if (!found) return 'not there'
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
  return `${mode} of user ${found.uid}, group ${found.gid}`
}
