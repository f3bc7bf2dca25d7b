// The list as other programs ask it: Debian's dig, over UDP and TCP. A decision is visible at once, an entry follows the lease, and nothing
// of a customer is told.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let served: Served
let port: string
let portal: string

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
policyService: { port: 0 }
http: { console: { port: 0 }, portal: { port: 0 }, refusalPages: "https://help.isp.example/" }
list: { zone: dnsbl.isp.example, port: 0, consumers: [203.0.113.0/24], exports: FOLDER/list }
subscribers: [{ id: "1" }, { id: "2" }, { id: "3" }, { id: "4", plan: expert }]
leases:
  - { prefix: 192.0.2.7/32, subscriber: "1" }
  - { prefix: "2001:db8:17::/56", subscriber: "1" }
  - { prefix: 192.0.2.9/32, ports: [1024, 2047], subscriber: "3" }
  - { prefix: 203.0.113.9/32, subscriber: "4" }
`)
  port = /^list dnsbl\.isp\.example on UDP and TCP port (\d+)$/m.exec(served.said)?.[1] ?? ''
  portal = /portal on (\S+)/.exec(served.said)?.[1] ?? ''
})
after(() => served.stop())

const staff = (...args: readonly string[]) => cordon(served.folder, ...args)
const dig = async (...args: readonly string[]) =>
  (await run('/usr/bin/dig', ['@127.0.0.1', '-p', port, '+time=2', '+tries=1', ...args])).output
const short = async (name: string, ...args: readonly string[]) =>
  (await dig('+short', `${name}.dnsbl.isp.example`, ...args)).trim()
const gone = (name: string) =>
  eventually(async () => ((await short(name)) === '' ? true : undefined), 5)
const there = (name: string) => eventually(async () => (await short(name)) || undefined, 5)

const LISTED = '7.2.0.192.infected'

test('an isolated line is listed while it is isolated, and the answer tells nothing of the customer', async () => {
  assert.equal(await short(LISTED), '')
  const imposed = await staff('incident', 'impose', 'line:1', 'isolate', '--why', 'a call')
  assert.equal(imposed.code, 0, imposed.output)
  assert.equal(await there(LISTED), '127.0.0.4')
  assert.match(await short(LISTED, 'TXT'), /^"https:\/\/help\.isp\.example\/why\/[0-9a-f]{16}"$/)
  assert.equal(await short(LISTED, '+tcp'), '127.0.0.4')
  const v6 = await dig('-x', '2001:db8:17:ff::1')
  const name = /;(\S+)\.ip6\.arpa\./.exec(v6)?.[1] ?? ''
  assert.equal(await short(`${name}.infected`), '127.0.0.4')
  const page = await short(LISTED, 'TXT')
  const checked = await staff('list', 'check', '192.0.2.7')
  assert.match(
    checked.output,
    /^192\.0\.2\.7 is listed: 192\.0\.2\.7\/32 as isolated \(127\.0\.0\.4\) since /,
  )
  assert.equal(checked.code, 0)
  const shown = await fetch(`${portal}why/${page.slice(-17, -1)}`)
  assert.equal(shown.status, 200)
  assert.match(await shown.text(), /open the customer portal and end the restriction there/)
  const { rows } = JSON.parse((await staff('incident', 'list', '--json')).output) as {
    rows: { caseCode: string }[]
  }
  const released = await staff('incident', 'release', rows[0]?.caseCode ?? '')
  assert.equal(released.code, 0, released.output)
  await gone(LISTED)
  assert.equal((await staff('list', 'check', '192.0.2.7')).code, 1)
  const over = await fetch(`${portal}why/${page.slice(-17, -1)}`)
  assert.deepEqual([over.status, /not listed any more/.test(await over.text())], [404, true])
})

test('an address that changes hands is not listed for its next customer', async () => {
  await staff('incident', 'impose', 'line:1', 'isolate', '--why', 'a call')
  await there(LISTED)
  const file = join(served.folder, 'leases.csv')
  writeFileSync(file, 'prefix,subscriber\n192.0.2.7/32,2\n')
  await staff('lease', 'import', file)
  await gone(LISTED)
})

test('an address of another customer in a prefix that is listed is not listed', async () => {
  const file = join(served.folder, 'nested.csv')
  writeFileSync(
    file,
    'prefix,subscriber\n198.51.100.0/24,3\n198.51.100.77/32,4\n2001:db8:18::/48,3\n2001:db8:18:5::/64,4\n',
  )
  const imported = await staff('lease', 'import', file)
  assert.equal(imported.code, 0, imported.output)
  await staff('incident', 'impose', 'line:3', 'isolate', '--why', 'a call')
  assert.equal(await there('78.100.51.198.infected'), '127.0.0.4')
  assert.equal(await short('77.100.51.198.infected'), '')
  const nibbles = '9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.0.0.0.8.1.0.0.8.b.d.0.1.0.0.2'
  assert.equal(await short(`${nibbles}.infected`), '')
  assert.equal(await short(`${nibbles.replace('5.0.0.0.8', '6.0.0.0.8')}.infected`), '127.0.0.4')
  assert.equal((await staff('list', 'check', '198.51.100.77')).code, 1)
})

test('an address that several customers share is never listed', async () => {
  await staff('incident', 'impose', 'line:3', 'isolate', '--why', 'a call')
  assert.equal(await short('9.2.0.192.infected'), '')
})

test('consumer ranges are listed apart, without the lines that have mail servers', async () => {
  assert.equal(await short('8.113.0.203.consumers'), '127.0.0.10')
  assert.equal(await short('9.113.0.203.consumers'), '')
})
