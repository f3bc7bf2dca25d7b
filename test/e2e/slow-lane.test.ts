// A stranger's mail waits, is looked at again, and is delivered: to the inbox, or to Junk if it looks bad by then.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { maildir } from '../support/peer.ts'
import { cordon, eventually, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

test('kept, looked at again, and delivered where it belongs', async t => {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
resolvers: ["127.0.0.1:9"]
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
rules: { slow-lane: enforce }
strangers: { slowLane: { delay: 1s } }
`)
  t.after(served.stop)
  const send = (subject: string, more: string, text: string) =>
    strangerSends(
      served.ports[0] ?? 0,
      `From: ann@meadow.example\nSubject: ${subject}\n${more}\n${text}\n`,
    )
  const inbox = join(served.folder, 'data/mailboxes/sink@isp.example')
  const has = (folder: string, subject: string) =>
    maildir(folder).some(mail => mail.includes(`Subject: ${subject}`))

  assert.match(await send('letter', '', 'hello there'), /^250/)
  assert.match(
    await send('bad', '', 'Cheap viagra, act now! You have won the online casino'),
    /^250/,
  )
  assert.match(await send('list', 'List-Id: <list.meadow.example>\n', 'hello there'), /^250/)
  const queue = (await cordon(served.folder, 'queue', 'list')).output
  assert.equal(queue.match(/slow-lane/g)?.length, 2, queue)
  // Held mail is looked at every fifteen seconds.
  for (const subject of ['letter', 'list']) await eventually(() => has(inbox, subject) || undefined)
  const junk = join(inbox, '.Junk')
  await eventually(() => existsSync(join(junk, 'new')) || undefined)
  assert.ok(has(junk, 'bad'))
  assert.ok(!has(inbox, 'bad'))
  assert.match(maildir(junk)[0] ?? '', /^X-Spam-Flag: YES\r?$/m)
})
