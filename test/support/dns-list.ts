// Strangers that ask our list: Debian's unbound in front of it, with strict QNAME minimisation, and Debian's rbldnsd with its files.

import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerIn, questionOf } from './dns-question.ts'
import { freePort } from './free-port.ts'
import { eventually, run } from './serve.ts'

export type AskedServer = {
  readonly port: number
  stop(): void
}

/** `list`: ADDRESS@PORT. A resolver that asks label by label, and believes that nothing is below a name that does not exist (RFC 8020, 9156). */
export async function strictResolver(zone: string, list: string): Promise<AskedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-unbound-'))
  const port = await freePort()
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    `server:
  interface: 127.0.0.1@${port}
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/pid"
  use-syslog: no
  logfile: "${folder}/log"
  do-not-query-localhost: no
  qname-minimisation: yes
  qname-minimisation-strict: yes
  harden-below-nxdomain: yes
  use-caps-for-id: yes
  module-config: "iterator"
  local-zone: "example." nodefault
stub-zone:
  name: "${zone}"
  stub-addr: ${list}
remote-control:
  control-enable: no
`,
  )
  const child = spawn('/usr/sbin/unbound', ['-d', '-c', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const one = { port, stop: () => stopped(child, folder) }
  await eventually(async () => ((await dig(port, zone, 'SOA')) === '' ? undefined : true))
  return one
}

/** What `dig +short` says, in one line. */
export async function dig(port: number, ...args: readonly string[]): Promise<string> {
  const asked = ['@127.0.0.1', '-p', String(port), '+time=2', '+tries=2', '+short', ...args]
  const { output, code } = await run('/usr/bin/dig', asked)
  return code === 0 ? output.trim() : ''
}

/** `zones`: as rbldnsd wants them, `ZONE:TYPE:FILE`. */
export async function rbldnsd(folder: string, zones: readonly string[]): Promise<AskedServer> {
  const port = await freePort()
  // It gives up root, and reads the files as that user.
  const args = ['-n', '-u', 'rbldns', '-r', folder, '-b', `127.0.0.1/${port}`, ...zones]
  const child = spawn('/usr/sbin/rbldnsd', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const zone = zones[0]?.split(':')[0] ?? ''
  await eventually(async () => ((await dig(port, `2.0.0.127.${zone}`)) === '' ? undefined : true))
  return { port, stop: () => stopped(child) }
}

function stopped(child: ChildProcess, folder?: string): void {
  child.kill()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}

/** In flight at once; what is lost is asked again. */
const AT_ONCE = 50
const AGAIN = 500

/** The A records of each name, `''` where there are none. */
export async function askAll(port: number, names: readonly string[]): Promise<readonly string[]> {
  const answers = names.map<string | undefined>(() => undefined)
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.connect(port, '127.0.0.1', resolve))
  const waiting = new Map<number, { readonly at: number; readonly answered: () => void }>()
  socket.on('message', bytes => {
    const { id, answers: said } = answerIn(bytes)
    const asked = waiting.get(id)
    if (!asked) return
    answers[asked.at] = said.map(one => one.split(' ').at(-1)).join()
    asked.answered()
  })
  let next = 0
  const one = async (lane: number) => {
    for (let at = next++; at < names.length; at = next++) {
      const question = questionOf(names[at] ?? '')
      // Its own number in each lane, so that a late answer is no other's.
      const id = (lane << 8) | (at & 255)
      question.writeUInt16BE(id, 0)
      await new Promise<void>(resolve => {
        const timer = setInterval(() => socket.send(question), AGAIN)
        const answered = () => {
          clearInterval(timer)
          waiting.delete(id)
          resolve()
        }
        waiting.set(id, { at, answered })
        socket.send(question)
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => one(lane)))
  socket.close()
  return answers.map(answer => answer ?? '')
}
