// Debian's FreeRADIUS as an access server that takes CoA requests: it writes down what it was told, and says that a session called
// "gone" is gone and that it cannot change one called "stubborn".

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { eventually } from './serve.ts'

export type FreeRadius = {
  readonly port: number
  /** Lines of what it was told so far. */
  told(): readonly string[]
  /** Away, and back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

export async function freeRadius(): Promise<FreeRadius> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-freeradius-'))
  const port = await freePort()
  const [told, out] = [join(folder, 'told'), join(folder, 'out')]
  const refuse = (session: string, cause: number) => `
    if (&Acct-Session-Id == "${session}") {
      update reply {
        Error-Cause := ${cause}
      }
      reject
    }`
  writeFileSync(
    join(folder, 'radiusd.conf'),
    `prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
pidfile = ${folder}/pid
log {
  destination = files
  file = ${out}
}
security {
  allow_core_dumps = no
}
modules {
  always reject {
    rcode = reject
  }
  always ok {
    rcode = ok
  }
  linelog told {
    filename = ${told}
    format = "%{Packet-Type} session=%{Acct-Session-Id} user=%{User-Name} nas=%{NAS-IP-Address} address=%{Framed-IP-Address} filter=%{Filter-Id} list=%{Mikrotik-Address-List} signed=%{Message-Authenticator}"
  }
}
client cordon {
  ipaddr = 127.0.0.1
  secret = testing123
}
server coa {
  listen {
    type = coa
    ipaddr = 127.0.0.1
    port = ${port}
  }
  recv-coa {
    told
${refuse('gone', 503)}
${refuse('stubborn', 401)}
    ok
  }
  send-coa {
    ok
  }
}
`,
  )
  let child: ChildProcess | undefined
  const start = async () => {
    writeFileSync(out, '')
    child = spawn('freeradius', ['-d', folder, '-f', '-n', 'radiusd'], { stdio: 'inherit' })
    await eventually(() =>
      readFileSync(out, 'utf8').includes('Ready to process requests') ? true : undefined,
    )
  }
  const stop = async () => {
    if (!child) return
    const ended = once(child, 'exit')
    child.kill()
    await ended
    child = undefined
  }
  await start()
  return {
    port,
    told: () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []),
    start,
    stop,
    remove: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
