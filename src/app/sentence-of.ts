// One sentence for what went wrong in the world around us, for the person who reads it in the journal at three in the morning: what
// was tried, why it failed, and what to do. Errors of our own are sentences already.

import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { wordsOf } from '../model/errors.ts'

/** What Node's errors of the system carry. */
type SystemError = Error & {
  readonly code?: string
  readonly syscall?: string
  readonly address?: string
  readonly port?: number
  readonly path?: string
}

export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return wordsOf(error)
  const { code, syscall, address, port, path } = error as SystemError
  const listening = syscall === 'listen' || syscall === 'bind'
  // Of a Unix socket the port is -1, and libuv says EACCES where its folder is not there.
  const isSocket = address?.includes('/') === true
  const place =
    isSocket || port === undefined ? (address ?? 'its socket') : `port ${port} of ${address ?? '*'}`
  if (listening && isSocket && ['EACCES', 'ENOENT'].includes(code ?? ''))
    return existsSync(dirname(address))
      ? `this user may not make the socket ${address}. Look at the owner and the mode of its folder.`
      : `${address}: its folder does not exist. Make it, or write another path.`
  if (listening && code === 'EADDRINUSE')
    return `${place} is in use by another program. Find it with "ss -lntup", and stop it or take another port.`
  if (listening && code === 'EACCES')
    return `this user may not listen on ${place}. Let systemd hand over the socket, or grant CAP_NET_BIND_SERVICE.`
  if (listening && code === 'EINVAL' && /^fe[89ab]/i.test(address ?? ''))
    return `${place}: a link-local address is one of an interface, and cannot be listened on by itself. Take another address of this machine, or :: for all.`
  if (listening && code === 'EADDRNOTAVAIL')
    return `${place}: this machine has no such address. Take one that "ip address" shows, or 0.0.0.0 or :: for all.`
  if (code !== undefined && path !== undefined && FILE[code]) return `${path} ${FILE[code]}`
  // A write does not know its file any more.
  if (code === 'ENOSPC')
    return 'the file system is full. Make room: the same data folder starts then, and nothing in it is lost.'
  return (error.message.split('\n')[0] ?? error.message).replace(/[^.]$/, '$&.')
}

/** What is wrong with a file that was to be read, for a complaint: without the stop at its end. Node does not always name the file. */
export const fileProblem = (error: unknown, path: string): string =>
  sentenceOf(Object.assign(error as Error, { path })).replace(/\.$/, '')

const FILE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  EACCES: 'may not be read or written by this user; check its owner and mode.',
  EPERM: 'may not be changed by this user; check its owner and mode.',
  EROFS: 'is on a file system that is mounted read-only.',
  ENOSPC:
    'does not fit: the file system is full. Make room: the same data folder starts then, and nothing in it is lost.',
  EISDIR: 'is a folder; a file is wanted there.',
  ENOTDIR: 'is not inside a folder.',
  EEXIST: 'is there already and is no folder; move it away.',
}
