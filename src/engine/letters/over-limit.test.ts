// One truth about mail over a limit: queue, letter and journal say the same words.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, smallCordon } from '../../../test/support/small-cordon.ts'
import { shipped } from '../../../test/support/shipped.ts'

test('the queue, the letter and the journal say which limit it was, and how much was sent', async () => {
  const limits = structuredClone(shipped.policy.limits)
  limits.consumer.messagesPerHour = 1
  const cordon = await smallCordon(undefined, { limits })
  const { engine, spool } = cordon
  for (const subject of ['one', 'two']) {
    const draft = await engine.open({
      session: 's',
      listener: 'submission',
      at: NOW,
      client: { realm: 'main', address: '203.0.113.7', port: 25 },
      tls: true,
      helo: 'laptop',
      login: 'anna@isp.example',
      sender: 'anna@isp.example',
      recipients: ['carla@meadow.example'],
      extended: true,
      esmtp: {},
    })
    await draft.write(Buffer.from(`From: anna@isp.example\r\nSubject: ${subject}\r\n\r\nhello\r\n`))
    await draft.finish()
  }
  await engine.idle()
  const words =
    'the limit of a mail account is 1 messages within an hour; 1 before this message, and 1 with it'
  const rows = await spool.list({})
  assert.equal(rows.find(({ state }) => state === 'held')?.why, `over-limit: ${words}`)
  const letter = rows.find(({ subject }) => subject === 'Some of your mail is waiting')
  assert.ok(letter)
  const chunks: Uint8Array[] = []
  for await (const chunk of await spool.body(letter.message)) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString().replaceAll(/\s+/g, ' ')
  assert.ok(text.includes(words), text)
  assert.ok(cordon.journal.some(one => one.kind === 'judged' && one.found === words))
  await cordon.close()
})
