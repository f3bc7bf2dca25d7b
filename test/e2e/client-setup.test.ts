// Mail programs at the real program: what its configuration says they are told, a profile that OpenSSL verifies with the certificate of that
// configuration, and the page in Chromium.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LANGUAGES } from '../../src/model/subscriber.ts'
import { startChromium } from '../support/chromium.ts'
import { asPythonReads } from '../support/client-setup.ts'
import { command, type Served, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
provider: Example Net
certificate: { key: FOLDER/key.pem, chain: FOLDER/chain.pem }
listeners:
  - { kind: submission, port: 0 }
  - { kind: submission, port: 0, tls: implicit }
imap: { listeners: [{ port: 0, tls: implicit }], backEnd: "imap://127.0.0.1:1" }
clientSetup: { imap: { host: imap.isp.example } }

http: { console: { port: 0 }, portal: { port: 0 }, clientSetup: { on: true, port: 0 } }
`

let served: Served
let at: string
const folder = mkdtempSync(join(tmpdir(), 'cordon-setup-'))

before(async () => {
  served = await serve(CONFIG, async inside => {
    const made =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mail.isp.example -addext subjectAltName=DNS:mail.isp.example -keyout key.pem -out chain.pem'
    execFileSync('openssl', made.split(' '), { cwd: inside, stdio: 'ignore' })
  })
  at = /client set-up on (http:\S+)/.exec(served.said)?.[1] ?? ''
})
after(async () => {
  await served?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const curl = (path: string, ...more: readonly string[]) =>
  spawnSync('curl', ['-s', '-m', '5', ...more, new URL(path, at).href]).stdout

test('a mail program is told the reading server of the operator, and 465 before 587', () => {
  const host = ['-H', 'Host: autoconfig.isp.example']
  const read = asPythonReads('mozilla', curl('/mail/config-v1.1.xml', ...host))
  const told = read.servers.map(
    (one: Record<string, string>) => `${one['hostname']}:${one['port']}`,
  )
  assert.deepEqual(told, ['imap.isp.example:993', 'mail.isp.example:465', 'mail.isp.example:587'])
})

test('a profile is verified by OpenSSL with the certificate of the configuration, also after that was renewed', () => {
  const profile = () => {
    const file = join(folder, 'anna.mobileconfig')
    writeFileSync(file, curl('/apple.mobileconfig?address=anna%40isp.example'))
    const args = ['smime', '-verify', '-inform', 'DER', '-binary', '-purpose', 'any', '-in', file]
    const trusted = ['-CAfile', join(served.folder, 'chain.pem')]
    return asPythonReads(
      'profile',
      execFileSync('openssl', [...args, ...trusted], { stdio: 'pipe' }),
    )
  }
  assert.equal(profile().PayloadContent[0].EmailAddress, 'anna@isp.example')
  const renewed = 'req -x509 -key key.pem -subj /CN=renewed -out chain.pem'
  execFileSync('openssl', renewed.split(' '), { cwd: served.folder, stdio: 'ignore' })
  assert.equal(profile().PayloadContent[0].EmailAddress, 'anna@isp.example')
})

test('the command shows the servers and the zone, of domains of ours alone', async () => {
  const file = join(served.folder, 'cordon.yaml')
  const show = await command('client-setup', 'show', 'isp.example', '-c', file)
  assert.match(show.output, /SMTP +mail\.isp\.example +465 +TLS from the first byte/)
  assert.match(show.output, /^_submissions\._tcp\.isp\.example\. 3600 IN SRV 0 1 465 mail/m)
  const other = await command('client-setup', 'show', 'other.example', '-c', file)
  assert.equal(other.code, 2, other.output)
  assert.match(other.output, /other\.example is no domain of yours/)
})

test('Chromium shows the page on a phone and on a desktop, in each language, light and dark, and axe-core finds nothing serious', async () => {
  const browser = await startChromium([], join(folder, 'chromium'))
  try {
    for (const device of ['phone', 'desktop'] as const)
      for (const dark of [false, true])
        for (const language of LANGUAGES) {
          const name = `client-setup-${device}-${dark ? 'dark' : 'light'}-${language}`
          const url = new URL(`/?address=anna%40isp.example&lang=${language}`, at).href
          const { faults, wide, picture } = await browser.look(url, { device, dark })
          assert.deepEqual(faults, [], name)
          assert.ok(!wide, `${name} has to be scrolled sideways`)
          const pictures = process.env['CORDON_PICTURES']
          if (pictures !== undefined) writeFileSync(join(pictures, `${name}.png`), picture)
        }
  } finally {
    await browser.stop()
  }
})
