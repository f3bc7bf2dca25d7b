// The releaser as systemd would start it: the script of etc/ for each connection on a Unix socket.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const ETC = join(import.meta.dirname, '../../etc')
const SCRIPT = join(ETC, 'cordon-releaser')

/** With no more capabilities than its unit leaves it. */
const bounded = (): readonly string[] => {
  const unit = readFileSync(join(ETC, 'cordon-releaser@.service'), 'utf8')
  const names = /^CapabilityBoundingSet=(.+)$/m.exec(unit)?.[1]?.split(' ') ?? []
  const added = names.map(name => `+${name.replace('CAP_', '').toLowerCase()}`)
  return ['--bounding-set', ['-all', ...added].join(), SCRIPT]
}

export type Releaser = { readonly socket: string; close(): Promise<void> }

/** Of this one, beside its folders. */
export const releaserOf = ({ etc }: { readonly etc: string }): Promise<Releaser> =>
  releaser(etc, join(etc, '../releaser.sock'))

/** For the Postfix whose configuration is in `etc`. `close` ends those that were started, too. */
async function releaser(etc: string, socket: string): Promise<Releaser> {
  const running = new Set<ReturnType<typeof spawn>>()
  const server = createServer({ pauseOnConnect: true }, client => {
    client.on('error', () => undefined)
    const child = spawn('setpriv', bounded(), {
      stdio: [client, client, 'inherit'],
      env: { MAIL_CONFIG: etc },
    })
    running.add(child)
    child.on('exit', () => {
      running.delete(child)
      client.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  return {
    socket,
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve))
      for (const child of running) child.kill()
      await closed
    },
  }
}
