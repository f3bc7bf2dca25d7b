// The keys that sign, in the real program, whose clock runs fast: which signatures its mail bears while a zone is written, and whether
// dkimpy verifies each of them by the records that `cordon dkim show` prints.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { dkimKeysOf } from '../../src/drivers/identity/dkim-keys.ts'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'
import { command, eventually, run } from '../support/serve.ts'
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
  const inbox = join(scene.folder, 'mailboxes', NOC, 'new')
  const mails = () =>
    existsSync(inbox)
      ? readdirSync(inbox).map(name => readFileSync(join(inbox, name), 'latin1'))
      : []
  /** By which keys the mail about this customer is signed. Each of them is verified. */
  const signed = async (customer: string): Promise<readonly string[]> => {
    const words = ['incident', 'impose', `line:${customer}`, 'isolate', '--why', 'a test']
    const done = await command(...words, '--data', scene.folder)
    assert.equal(done.code, 0, done.output)
    const mail = await eventually(() =>
      mails().find(one =>
        one.replaceAll(/\n[ \t]/g, ' ').includes(` contained: line:${customer} `),
      ),
    )
    // Above are the lines of its delivery.
    const fields = mail.slice(mail.indexOf('DKIM-Signature:')).split(/\n(?![ \t])/)
    const count = fields.findIndex(one => !one.startsWith('DKIM-Signature:'))
    const each = fields
      .slice(0, count)
      .map((_, i) =>
        Buffer.from(fields.slice(i).join('\r\n').replaceAll(/\r?\n/g, '\r\n'), 'latin1'),
      )
    const script = join(import.meta.dirname, '../support/dkim-verdicts.py')
    const lines = [JSON.stringify(zone), ...each.map(one => one.toString('base64'))]
    const { output } = await run('/usr/bin/python3', [script], `${lines.join('\n')}\n`)
    assert.deepEqual(
      output.trim().split('\n'),
      Array.from({ length: count }, () => 'yes'),
      mail,
    )
    return fields.slice(0, count).map(one => / s=([^;]+);/.exec(one)?.[1] ?? '')
  }

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
    /^(cordon-\d{8}-rsa-2) and (cordon-\d{8}-ed25519-2) are/.exec(output) ?? []
  assert.deepEqual(await signed('3'), ['cordon', 'cordon-ed25519'])
  const second = await shown()
  publish(/-ed25519-2$/, second)
  await signs(ed25519)
  assert.deepEqual(await signed('4'), ['cordon', ed25519])
  publish(/./, second)
  await signs(rsa)
  assert.deepEqual(await signed('5'), [rsa, ed25519])
  const old = (await shown()).find(one => one.selector === 'cordon')
  assert.match(old?.says ?? '', /^signs no more; leave its record in the zone until \d{4}-/)
})
