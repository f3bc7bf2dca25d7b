// Access servers that change a session when they are told (RFC 5176), with FreeRADIUS at the other end.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type FreeRadius, freeRadius } from '../support/freeradius.ts'
import { freePort } from '../support/free-port.ts'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'

let nas: FreeRadius
let port: number
before(async () => {
  nas = await freeRadius()
  port = await freePort()
})
after(() => nas.remove())

const config = () => `
hostname: mail.isp.example
radius: { address: 127.0.0.1, port: ${port}, clients: [{ address: 127.0.0.1, secret: testing123 }] }
radiusCoa:
  - servers: [{ nas: 192.0.2.1, address: 127.0.0.1, port: ${nas.port}, secret: testing123 }]
    isolated: [{ attribute: 11, value: closed-25 }, { attribute: "14988.19", value: infected }]
    redirected: [{ attribute: 11, value: redirect-25 }]
    default: [{ attribute: 11, value: default }]
subscribers: [{ id: kd1 }, { id: kd2 }, { id: kd3 }, { id: kd4 }]
`

async function account(status: string, session: string, user: string, addresses: string) {
  const attributes = `Acct-Status-Type = ${status}, Acct-Session-Id = "${session}", NAS-IP-Address = 192.0.2.1, User-Name = "${user}", ${addresses}`
  const words = ['-r', '2', '-t', '2', `127.0.0.1:${port}`, 'acct', 'testing123']
  assert.equal((await run('radclient', words, `${attributes}\n`)).code, 0)
}

async function order({ folder }: Served, ...words: readonly string[]): Promise<string> {
  const { code, output } = await cordon(folder, ...words)
  assert.equal(code, 0, output)
  return output
}
const impose = (served: Served, line: string, decision = 'isolate') =>
  order(served, 'incident', 'impose', `line:${line}`, decision, '--why', 'a test')
async function release(served: Served, line: string): Promise<void> {
  const { rows: all } = JSON.parse(await order(served, 'incident', 'list', '--json')) as {
    rows: { id: string; subscriber: string }[]
  }
  const mine = all.find(({ subscriber }) => subscriber === line)
  await order(served, 'incident', 'release', mine?.id ?? '')
}
const toldOf = (session: string) =>
  nas
    .told()
    .filter(line => line.includes(`session=${session} `))
    .map(line => line.replace(/ signed=0x.{32}$/, ''))
const become = (session: string, count: number) =>
  eventually(() => (toldOf(session).length >= count ? toldOf(session) : undefined))

test('a session is changed and changed back, once for all its addresses; a crash between loses nothing', async t => {
  const served = await serve(config())
  t.after(served.stop)
  await account(
    'Start',
    '5F',
    'kd1',
    'Framed-IP-Address = 198.51.100.7, Delegated-IPv6-Prefix = 2001:db8:1700::/56',
  )
  await impose(served, 'kd1')
  const told = 'CoA-Request session=5F user=kd1 nas=192.0.2.1 address=198.51.100.7'
  assert.deepEqual(await become('5F', 1), [`${told} filter=closed-25 list=infected`])
  assert.match(nas.told()[0] ?? '', /signed=0x[0-9a-f]{32}$/)
  assert.match(
    await order(served, 'subscriber', 'show', 'kd1'),
    /radius-coa: 198\.51\.100\.7\/32 isolated/,
  )
  served.signal('SIGKILL')
  const again = await startServer(join(served.folder, 'cordon.yaml'))
  t.after(() => again.server.kill('SIGKILL'))
  await release(served, 'kd1')
  const all = await become('5F', 2)
  assert.equal(all.at(-1), `${told} filter=default list=`)
  // Nothing was said twice.
  assert.equal(all.length, 2)
  await impose(served, 'kd1', 'redirect-25')
  assert.match((await become('5F', 3)).at(-1) ?? '', /filter=redirect-25 list=$/)
  // Somebody else gets its IPv4 address; of the session the IPv6 prefix is left, and it stays as it is.
  await account('Start', '61', 'kd2', 'Framed-IP-Address = 198.51.100.7')
  await eventually(async () =>
    (await order(served, 'subscriber', 'show', 'kd1')).includes(
      'radius-coa: 2001:db8:1700::/56 redirect-25\n',
    )
      ? true
      : undefined,
  )
  assert.equal(toldOf('5F').length, 3)
})

test('a session that only the access server calls gone, and a refusal, are told and keep nobody else waiting; who is away is asked again', async t => {
  const served = await serve(config())
  t.after(served.stop)
  await account('Start', 'gone', 'kd2', 'Framed-IP-Address = 198.51.100.8')
  await account('Start', 'stubborn', 'kd3', 'Framed-IP-Address = 198.51.100.9')
  await account('Start', '60', 'kd4', 'Framed-IP-Address = 198.51.100.10')
  await impose(served, 'kd2')
  await impose(served, 'kd3')
  await become('gone', 1)
  await become('stubborn', 1)
  // Away for one packet: the same one comes again.
  await nas.stop()
  const imposed = impose(served, 'kd4')
  await new Promise(resolve => setTimeout(resolve, 1500))
  await nas.start()
  await imposed
  assert.equal(toldOf('60').length, 1)
  const journal = await eventually(async () => {
    const { output } = await run('sh', [
      '-c',
      `zcat -f ${served.folder}/data/journal/*.gz 2>/dev/null`,
    ])
    const done = output.split('\n').filter(line => line.includes('"action-done"'))
    return done.length >= 3 ? done : undefined
  })
  const of = (subscriber: string) => journal.find(line => line.includes(`"${subscriber}"`)) ?? ''
  assert.match(of('kd2'), /"failed":"192\.0\.2\.1: it knows no such session"/)
  assert.match(of('kd3'), /"failed":"192\.0\.2\.1: it does not know an attribute"/)
  assert.doesNotMatch(of('kd4'), /"failed"/)
  // Enforced is what was acknowledged.
  const shownOf = (line: string) => order(served, 'subscriber', 'show', line)
  assert.match(await shownOf('kd2'), /198\.51\.100\.8\/32 isolated NOT CONFIRMED \(gone: /)
  assert.match(await shownOf('kd3'), /198\.51\.100\.9\/32 isolated NOT CONFIRMED \(refused: /)
  assert.match(await shownOf('kd4'), /198\.51\.100\.10\/32 isolated\n/)
  assert.match(await order(served, 'driver'), /radius-coa +on +1 +gone: .*; refused: .*of kd3/)
  const status = await cordon(served.folder, 'status')
  assert.deepEqual([status.code, /^NETWORK .*2 things to look at/m.test(status.output)], [1, true])
})

test('after a backup is put back each session is told again: what was closed since is opened, what was opened since is closed', async t => {
  const served = await serve(config())
  t.after(served.stop)
  await account('Start', 'r1', 'kd1', 'Framed-IP-Address = 198.51.100.7')
  await account('Start', 'r2', 'kd2', 'Framed-IP-Address = 198.51.100.8')
  await impose(served, 'kd2')
  assert.match((await become('r2', 1)).at(-1) ?? '', /filter=closed-25/)
  const copy = join(served.folder, 'copy')
  await order(served, 'backup', copy)
  await impose(served, 'kd1')
  await release(served, 'kd2')
  assert.match((await become('r1', 1)).at(-1) ?? '', /filter=closed-25/)
  assert.match((await become('r2', 2)).at(-1) ?? '', /filter=default/)
  served.signal('SIGKILL')
  await served.ended
  const restored = await serve(config(), async folder => {
    const put = await cordon(folder, 'restore', copy)
    assert.equal(put.code, 0, put.output)
  })
  t.after(restored.stop)
  assert.match((await become('r1', 2)).at(-1) ?? '', /filter=default/)
  assert.match((await become('r2', 3)).at(-1) ?? '', /filter=closed-25/)
  await eventually(async () =>
    /radius-coa: nothing/.test(await order(restored, 'subscriber', 'show', 'kd1'))
      ? true
      : undefined,
  )
  await eventually(async () =>
    /198\.51\.100\.8\/32 isolated\n/.test(await order(restored, 'subscriber', 'show', 'kd2'))
      ? true
      : undefined,
  )
})

test('by Disconnect: a session is ended once, the one that comes next has what it needs; and a driver is emptied and filled', async t => {
  const served = await serve(
    config().replace('    isolated:', '    disconnect: [isolated, default]\n    isolated:'),
  )
  t.after(served.stop)
  await account('Start', 'd1', 'kd1', 'Framed-IP-Address = 198.51.100.7')
  await impose(served, 'kd1')
  assert.deepEqual(await become('d1', 1), [
    'Disconnect-Request session=d1 user=kd1 nas=192.0.2.1 address=198.51.100.7 filter= list=',
  ])
  // It ends, and comes again: the RADIUS server has given it what it is to have.
  await account('Stop', 'd1', 'kd1', 'Framed-IP-Address = 198.51.100.7')
  await account('Start', 'd2', 'kd1', 'Framed-IP-Address = 198.51.100.9')
  await eventually(async () =>
    (await order(served, 'subscriber', 'show', 'kd1')).includes('198.51.100.9/32 isolated')
      ? true
      : undefined,
  )
  assert.deepEqual(toldOf('d2'), [])
  await release(served, 'kd1')
  assert.match((await become('d2', 1)).at(-1) ?? '', /^Disconnect-Request session=d2 /)
  await account('Start', 'd3', 'kd2', 'Framed-IP-Address = 198.51.100.10')
  await impose(served, 'kd2', 'redirect-25')
  assert.match(await order(served, 'driver'), /radius-coa +on +1/)
  assert.match(await order(served, 'driver', 'flush', 'radius-coa'), /1 entries are off/)
  assert.match(await order(served, 'driver'), /radius-coa +off +0/)
  assert.match(await order(served, 'driver', 'fill', 'radius-coa'), /holds 1 entries/)
  assert.match((await become('d3', 3)).at(-1) ?? '', /^CoA-Request session=d3 .*filter=redirect-25/)
  const { code, output } = await cordon(served.folder, 'driver', 'flush', 'other')
  assert.notEqual(code, 0)
  assert.match(output, /There is no driver other\. There are: radius-coa\./)
})
