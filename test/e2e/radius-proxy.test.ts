// FreeRADIUS as a proxy in front of Cordon, as providers have it: it passes accounting on, and asks by Status-Server (RFC 5997) whether Cordon is
// there again after it was away.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { FreeRadiusProgram } from '../support/freeradius.ts'
import { cordon, eventually, run, serve, startServer } from '../support/serve.ts'

/** The shortest times that FreeRADIUS takes (s). */
const proxied = (port: number, to: number): string => `
modules {
}
proxy server {
  default_fallback = no
}
home_server cordon {
  type = acct
  ipaddr = 127.0.0.1
  port = ${to}
  secret = testing123
  response_window = 2
  response_timeouts = 1
  zombie_period = 1
  status_check = status-server
  check_interval = 6
  check_timeout = 2
  num_answers_to_alive = 3
}
home_server_pool cordon {
  type = fail-over
  home_server = cordon
}
realm cordon {
  acct_pool = cordon
  nostrip
}
client nas {
  ipaddr = 127.0.0.1
  secret = ofthenas
}
server proxy {
  listen {
    type = acct
    ipaddr = 127.0.0.1
    port = ${port}
  }
  preacct {
    update control {
      Proxy-To-Realm := cordon
    }
  }
}
`

test('accounting comes through a proxy, also after Cordon was away and the proxy had given it up', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-proxy-'))
  const [port, to] = [await freePort(), await freePort()]
  const served = await serve(`
hostname: mail.isp.example
leaseSkew: 0s
radius: { address: 127.0.0.1, port: ${to}, clients: [{ address: 127.0.0.1, secret: testing123 }] }
subscribers: [{ id: kd1 }, { id: kd2 }]`)
  t.after(served.stop)
  const proxy = new FreeRadiusProgram(folder, proxied(port, to))
  t.after(async () => {
    await proxy.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await proxy.start()
  const told = async (session: string, user: string) => {
    const attributes = `Acct-Status-Type = Start, Acct-Session-Id = "${session}", NAS-IP-Address = 192.0.2.9, User-Name = "${user}", Framed-IP-Address = 198.51.100.9`
    const words = ['-r', '1', '-t', '4', `127.0.0.1:${port}`, 'acct', 'ofthenas']
    return (await run('radclient', words, `${attributes}\n`)).output
  }
  const who = async () => (await cordon(served.folder, 'who', '198.51.100.9')).output
  await eventually(async () =>
    (await told('1', 'kd1')).includes('Accounting-Response') ? true : undefined,
  )
  assert.match(await who(), /^kd1 {2}certain\n.*\nsession {3}1 of kd1 at 192\.0\.2\.9$/m)
  await served.end()
  await eventually(async () => {
    await told('2', 'kd2')
    return proxy.out.includes('Marking home server 127.0.0.1') && proxy.out.includes('dead')
      ? true
      : undefined
  })
  const again = await startServer(join(served.folder, 'cordon.yaml'))
  t.after(() => again.server.kill('SIGKILL'))
  // Nothing else is told meanwhile: by its questions alone.
  await eventually(
    () => (/home server 127\.0\.0\.1 port \d+ alive/.test(proxy.out) ? true : undefined),
    120,
  )
  await eventually(async () =>
    (await told('3', 'kd2')).includes('Accounting-Response') ? true : undefined,
  )
  assert.match(await who(), /^kd2 {2}certain/)
})
