// The keys that sign, in the real program, whose clock runs fast: which signatures its mail bears while a zone is written, and whether
// dkimpy verifies each of them by the records that `cordon dkim show` prints.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { dkimKeysOf } from '../../src/drivers/identity/dkim-keys.ts'
import { dkimRecord } from '../../src/mail/dkim-record.ts'
import { signedBy } from '../support/dkim-signed.ts'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'
import { command, eventually } from '../support/serve.ts'
import { smallDns } from '../support/small-dns.ts'

const NOC = 'noc@isp.example'

type Shown = {
  readonly keys: readonly {
    readonly selector: string
    readonly says: string
    readonly line: string
  }[]
}

test('mail is signed with the keys that the DNS has, also while they are rotated', async t => {
  const zone: Record<string, string> = {}
  const dns = await smallDns(name => zone[name])
  t.after(dns.stop)
  const config = (folder: string) => ({
    ...leastConfig(folder),
    resolvers: [dns.server],
    mailboxes: [NOC],
    alarms: { mail: [NOC] },
    subscribers: ['1', '2', '3', '4', '5'].map(id => ({ id })),
  })
  const scene = await reloadScene(config, { clock: scaledClock(2000) })
  t.after(scene.end)
  const file = join(scene.folder, 'cordon.yaml')
  writeFileSync(file, `${JSON.stringify(config(scene.folder))}\n`)

  const shown = async () => {
    const { code, output } = await command('dkim', 'show', '--json', '--config', file)
    assert.equal(code, 0, output)
    return (JSON.parse(output) as Shown).keys
  }
  const publish = (wanted: RegExp, keys: Shown['keys']) => {
    for (const { selector, line } of keys)
      if (wanted.test(selector))
        zone[`${selector}._domainkey.isp.example`] = [...line.matchAll(/"([^"]*)"/g)]
          .map(([, text]) => text)
          .join('')
  }
  const signs = (selector: string) =>
    eventually(() =>
      dkimKeysOf(scene.folder).find(one => one.selector === selector && one.signs !== undefined),
    )
  const signed = async (customer: string) =>
    (await signedBy({ folder: scene.folder, mailbox: NOC }, customer, zone)).map(one =>
      one.replace('isp.example/', ''),
    )

  const first = await shown()
  assert.deepEqual(
    first.map(one => [one.selector, one.says.split(':')[0]]),
    [
      ['cordon', 'signs'],
      ['cordon-ed25519', 'does not sign yet'],
    ],
  )
  publish(/^cordon$/, first)
  assert.deepEqual(await signed('1'), ['cordon'])
  publish(/./, first)
  await signs('cordon-ed25519')
  assert.deepEqual(await signed('2'), ['cordon', 'cordon-ed25519'])

  const rotate = async () => {
    const { code, output } = await command('dkim', 'rotate', '--data', scene.folder)
    assert.equal(code, 0, output)
    return output
  }
  const given = await rotate()
  assert.doesNotMatch(given, /signed nothing yet/)
  const output = await rotate()
  assert.match(output, /-rsa and cordon-\d{8}-ed25519 signed nothing yet, and will not\./)
  const [, rsa = '', ed25519 = ''] =
    // A day of the fast clock may end between the two.
    /^(cordon-\d{8}-rsa(?:-2)?) and (cordon-\d{8}-ed25519(?:-2)?) are/.exec(output) ?? []
  assert.deepEqual(await signed('3'), ['cordon', 'cordon-ed25519'])
  const second = await shown()
  publish(new RegExp(`^${ed25519}$`), second)
  await signs(ed25519)
  assert.deepEqual(await signed('4'), ['cordon', ed25519])
  publish(/./, second)
  await signs(rsa)
  assert.deepEqual(await signed('5'), [rsa, ed25519])
  const old = (await shown()).find(one => one.selector === 'cordon')
  assert.match(old?.says ?? '', /^signs no more; leave its record in the zone until \d{4}-/)
})

test('another first domain, and a list of keys that is lost: no mail bears a signature that its zone does not know', async t => {
  const zone: Record<string, string> = {}
  const dns = await smallDns(name => zone[name])
  t.after(dns.stop)
  const folder = mkdtempSync(join(tmpdir(), 'cordon-domains-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'cordon.yaml')
  const said: string[] = []
  const start = async (...domains: readonly string[]) => {
    const config = {
      ...leastConfig(folder),
      domains,
      resolvers: [dns.server],
      mailboxes: [NOC],
      alarms: { mail: [NOC] },
      subscribers: ['1', '2', '3', '4'].map(id => ({ id })),
    }
    writeFileSync(file, `${JSON.stringify(config)}\n`)
    return reloadScene(() => config, {
      clock: scaledClock(2000),
      trouble: error => void said.push(String(error)),
    })
  }
  const signed = (customer: string) => signedBy({ folder, mailbox: NOC }, customer, zone)
  const ofFirst = () => dkimKeysOf(folder).find(one => one.selector === 'cordon')

  let scene = await start('isp.example')
  t.after(() => scene.end())
  zone['cordon._domainkey.isp.example'] = dkimRecord(ofFirst()?.privateKey ?? '')
  await eventually(() => ofFirst()?.domain === 'isp.example' || undefined)
  assert.deepEqual(await signed('1'), ['isp.example/cordon'])
  await scene.end()

  scene = await start('new.example', 'isp.example')
  assert.deepEqual(await signed('2'), [])
  const { output } = await command('dkim', 'show', '--config', file)
  assert.match(output, /^; cordon: does not sign yet/m)
  zone['cordon._domainkey.new.example'] = zone['cordon._domainkey.isp.example']
  await eventually(() => ofFirst()?.domain === 'new.example' || undefined)
  assert.deepEqual(await signed('3'), ['new.example/cordon'])
  await scene.end()
  assert.deepEqual(said, [])

  rmSync(join(folder, 'keys/dkim-keys.json'))
  delete zone['cordon._domainkey.new.example']
  scene = await start('new.example', 'isp.example')
  assert.match(said.join('\n'), /dkim-keys\.json was missing/)
  assert.deepEqual(await signed('4'), [])
})
