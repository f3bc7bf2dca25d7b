// Another network is told of its machine, in the real program, whose clock runs fast: what came over SMTP goes out as a signed mail. A contact
// that a reload takes out is told no more.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'
import { eventually } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const NOC = 'noc@isp.example'
const TRAP = 'old.employee@isp.example'
const reports = [{ networks: ['127.0.0.0/8'], contact: NOC }]
const config = (folder: string, told: typeof reports) => ({
  ...leastConfig(folder),
  mailboxes: [NOC],
  traps: [TRAP],
  feedback: { reports: told },
})

test('a machine that wrote to a trap is reported an hour later; not once its network is taken out', async t => {
  const clock = scaledClock(5000)
  const scene = await reloadScene(folder => config(folder, reports), { clock })
  t.after(scene.end)
  const inbox = join(scene.folder, 'mailboxes', NOC, 'new')
  const mails = () =>
    existsSync(inbox)
      ? readdirSync(inbox)
          .map(name => readFileSync(join(inbox, name), 'latin1'))
          .filter(mail => mail.includes('Abuse from your network'))
      : []
  const spam = async (address: string) => {
    const client = await talk(scene.inbound, address)
    await client.say('EHLO pc.other.example\r\n')
    await client.say('MAIL FROM:<bounce-old.employee@bulk.example>\r\n')
    assert.match(await client.say(`RCPT TO:<${TRAP}>\r\n`), /^250/)
    await client.say('DATA\r\n')
    assert.match(await client.say(`Subject: Dear ${TRAP}\r\n\r\nBuy.\r\n.\r\n`), /^250/)
    client.end()
  }
  await spam('127.0.0.9')
  const report = await eventually(() => mails()[0])
  assert.match(report, /^DKIM-Signature: /m)
  assert.match(report, /^From: .*<abuse@isp\.example>\r?$/m)
  assert.match(report, /127\.0\.0\.9, port \d+/)
  assert.doesNotMatch(report, /old\.employee/)
  const files = report
    .split(/^--.*$/m)
    .filter(part => part.includes('application/json'))
    .map(part => Buffer.from(part.split(/\r?\n\r?\n/)[1] ?? '', 'base64').toString())
  assert.equal(files.length, 1)
  assert.doesNotMatch(report + files.join(), /bulk\.example|pc\.other/)
  assert.doesNotMatch(files.join(), /old\.employee/)
  const xarf = JSON.parse(files[0] ?? '') as { readonly source_identifier?: unknown }
  assert.equal(xarf.source_identifier, '127.0.0.9')
  assert.deepEqual(
    scene.events.flatMap(one => (one.kind === 'abuse-reported' ? [one.addresses] : [])),
    [['127.0.0.9']],
  )
  await scene.reload(config(scene.folder, []))
  await spam('127.0.0.8')
  const since = clock.now()
  // Fourteen hours: ten seconds of this clock.
  await eventually(() => (clock.now() - since > 14 * 3_600_000 ? true : undefined))
  assert.equal(mails().length, 1)
})
