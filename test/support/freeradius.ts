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
  const told = join(folder, 'told')
  const refuse = (session: string, cause: number) => `
    if (&Acct-Session-Id == "${session}") {
      update reply {
        Error-Cause := ${cause}
      }
      reject
    }`
  const program = new FreeRadiusProgram(
    folder,
    `modules {
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
  await program.start()
  return {
    port,
    told: () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []),
    start: () => program.start(),
    stop: () => program.stop(),
    remove: async () => {
      await program.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const headOf = (folder: string): string => `prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
pidfile = ${folder}/pid
log {
  destination = files
  file = ${folder}/out
}
security {
  allow_core_dumps = no
}
`

/** FreeRADIUS with this configuration, in this folder. */
export class FreeRadiusProgram {
  readonly #folder: string
  #child: ChildProcess | undefined

  constructor(folder: string, config: string) {
    this.#folder = folder
    writeFileSync(join(folder, 'radiusd.conf'), headOf(folder) + config)
  }

  /** What it says of itself since its start. */
  get out(): string {
    return readFileSync(join(this.#folder, 'out'), 'utf8')
  }

  async start(): Promise<void> {
    writeFileSync(join(this.#folder, 'out'), '')
    const words = ['-d', this.#folder, '-f', '-n', 'radiusd']
    this.#child = spawn('freeradius', words, { stdio: 'inherit' })
    await eventually(() => (this.out.includes('Ready to process requests') ? true : undefined))
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (!child) return
    const ended = once(child, 'exit')
    child.kill()
    await ended
    this.#child = undefined
  }
}
