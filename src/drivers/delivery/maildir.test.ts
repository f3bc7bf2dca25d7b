import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../../../test/support/owned.ts'
import { deliverToMaildir } from './maildir.ts'

test('a Maildir has lines as Unix has them, as from Postfix and Dovecot', async t => {
  const folder = folderOf(t)
  await deliverToMaildir({
    folder,
    mailbox: 'anna@isp.example',
    sender: 'x@far.example',
    recipient: 'info@isp.example',
    body: (async function* () {
      yield Buffer.from('Subject: hi\r')
      yield Buffer.from('\n\r\nhello\r\n')
    })(),
  })
  const box = join(folder, 'anna@isp.example', 'new')
  const [name = ''] = readdirSync(box)
  assert.equal(
    readFileSync(join(box, name), 'latin1'),
    'Return-Path: <x@far.example>\nDelivered-To: info@isp.example\nSubject: hi\n\nhello\n',
  )
})
