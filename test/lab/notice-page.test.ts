// An isolated line on a real router: whatever its owner opens over plain HTTP is the notice page, for curl, for the probes of phones, and
// for Chromium, which keeps pictures of it for docs/. Its neighbour notices nothing.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LANGUAGES } from '../../src/model/subscriber.ts'
import { startChromium } from '../support/chromium.ts'
import { leasesOf, listenThere, type Network, startNetwork } from '../support/namespaces.ts'
import { CLI } from '../support/program.ts'
import { cordon, run, type Served, serve } from '../support/serve.ts'

const NOTICE = 8082
const WEB = '203.0.113.200'
const PEOPLE = ['infected', 'neighbour'] as const

const config = `
hostname: mail.isp.example
domains: [isp.example]
provider: Example Net
portal: portal.isp.example
timeZone: Europe/Berlin
leaseSkew: 0s
http:
  refusalPages: https://portal.isp.example/
  notice: { on: true, address: "::", port: ${NOTICE}, phone: "+49 30 123456" }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
    noticePage: { addresses: [203.0.113.1, "2001:db8:f::1"], port: ${NOTICE} }
subscribers:
${PEOPLE.map(id => `  - { id: ${id}, language: de, logins: [{ name: ${id}@isp.example }] }`).join('\n')}
leases:
${PEOPLE.flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

let network: Network
let served: Served
let stop = () => undefined as void
const folder = mkdtempSync(join(tmpdir(), 'cordon-notice-'))

before(async () => {
  network = startNetwork(PEOPLE.length)
  const web = await listenThere(network.outside, [80, 443])
  stop = () => void web.kill('SIGKILL')
  const [file, table] = [join(folder, 'cordon.yaml'), join(folder, 'base.nft')]
  writeFileSync(file, `dataFolder: ${folder}\n${config}\n`)
  writeFileSync(table, (await run(process.execPath, [CLI, 'router', 'table', '-c', file])).output)
  network.run(network.router, 'nft', '-f', table)
  served = await serve(config, undefined, { under: () => network.router.inside })
})
after(async () => {
  stop()
  await served?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What curl sees from a home. */
function curl(home: number, url: string, ...more: readonly string[]): string {
  const host = network.homes[home]
  assert.ok(host)
  const [program = '', ...inside] = host.inside
  const args = [...inside, 'curl', '-s', '-i', '-m', '5', ...more, url]
  return spawnSync(program, args, { encoding: 'utf8' }).stdout
}

const IMPOSE = ['incident', 'impose', 'line:infected', 'isolate', '--why', 'a test of the page']

const atHost = (host: string) => ['-H', `Host: ${host}`]

test('whatever an isolated line opens over plain HTTP is its notice page, and its neighbour notices nothing', async () => {
  const order = await cordon(served.folder, ...IMPOSE)
  assert.equal(order.code, 0, order.output)
  for (const url of [`http://${WEB}/any?path`, 'http://[2001:db8:f::200]/']) {
    const page = curl(0, url, ...atHost('www.bank.example'))
    assert.match(page, /^HTTP\/1\.1 511 /, url)
    assert.match(page, /<html lang="de">[\s\S]*eingeschränkt[\s\S]*\+49 30 123456/)
  }
  const probe = curl(0, `http://${WEB}/generate_204`, ...atHost('connectivitycheck.gstatic.com'))
  assert.match(probe, /^HTTP\/1\.1 302 [\s\S]*location: \/restricted/i)
  assert.doesNotMatch(curl(1, `http://${WEB}/`, '--http0.9'), /eingeschränkt/)
})

test('Chromium shows the page on a phone and on a desktop, in each language, light and dark, and axe-core finds nothing serious', async () => {
  const [home] = network.homes
  assert.ok(home)
  const browser = await startChromium(home.inside, join(folder, 'chromium'))
  try {
    for (const device of ['phone', 'desktop'] as const)
      for (const dark of [false, true])
        for (const language of LANGUAGES) {
          const name = `notice-${device}-${dark ? 'dark' : 'light'}-${language}`
          const url = `http://${WEB}/restricted?lang=${language}`
          const { faults, wide, picture } = await browser.look(url, { device, dark })
          assert.deepEqual(faults, [], name)
          assert.ok(!wide, `${name} has to be scrolled sideways`)
          assert.ok(picture.length > 5000, name)
          // docs/notice-page.png is `notice-phone-light-en.png`.
          const docs = process.env['CORDON_PICTURES']
          if (docs !== undefined) writeFileSync(join(docs, `${name}.png`), picture)
        }
  } finally {
    await browser.stop()
  }
})

test('a line that is released has the web back, and is told so where it still asks the page', async () => {
  const cases = await cordon(served.folder, 'incident', 'list')
  const [code = ''] = /[A-Z0-9]{2}-[A-Z0-9]{4}/.exec(cases.output) ?? []
  const order = await cordon(served.folder, 'incident', 'release', code)
  assert.equal(order.code, 0, order.output)
  assert.doesNotMatch(curl(0, `http://${WEB}/`, '--http0.9'), /eingeschränkt/)
  const probe = curl(0, `http://203.0.113.1:${NOTICE}/generate_204`)
  assert.match(probe, /^HTTP\/1\.1 204 /)
  assert.match(curl(0, `http://203.0.113.1:${NOTICE}/`), /nicht eingeschränkt/)
})
