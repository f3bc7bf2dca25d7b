// What an outsider tried against the IMAP gateway, and what holds against it (test/support/imap-scene.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapTalk } from '../support/imap-door.ts'
import { BERT, imapScene, letter } from '../support/imap-scene.ts'

test('what names the send folder in a form that cannot be read to its end is refused, and not passed on', async t => {
  const { door, taken, backEnd, close } = await imapScene({ stored: letter(BERT) })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  for (const command of [
    'COPY * Send',
    'UID COPY 1:* Send',
    'MOVE * Send',
    'UID MOVE 1:* "Send"',
    'COPY 1  Send',
    'COPY 1 Send x',
    'COPY 1 "Send"x',
    ' COPY 1 Send',
    'UID  COPY 1 Send',
    'COPY 1 ~{4+}\r\nSend',
    'APPEND (Send {3+}\r\nabc',
  ]) {
    talk.say(`a ${command}\r\n`)
    assert.match(await talk.until(/^a .*\r\n/m), /^a (?:NO|BAD) /m, command)
  }
  talk.end()
  assert.deepEqual(taken, [])
  assert.ok(!backEnd.said.some(line => /COPY|MOVE|APPEND/.test(line)), backEnd.said.join('\n'))
})

test('a quoted pair in the name of the send folder is read as the back end reads it', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  const message = letter(BERT)
  talk.say(`a APPEND "S\\end" {${message.length}+}\r\n${message}\r\n`)
  await talk.until(/^a OK Accepted.*\r\n/m)
  talk.end()
  assert.equal(taken.length, 1)
})

test('no command is hidden in what looks like a literal: behind an open quote, or of a command that has none', async t => {
  const { door, backEnd, close } = await imapScene()
  t.after(close)
  for (const said of [
    'a NOOP "x {10+}\r\nb X HIDDEN\r\n',
    'a SEARCH SUBJECT "x\\" {10+}\r\nb X HIDDEN\r\n',
    'a SEARCH SUBJECT "x\r\nb X HIDDEN\r\n',
  ]) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(said)
    await talk.until(/$/)
    talk.say('c NOOP\r\n')
    assert.equal(await Promise.race([talk.ended, later()]), undefined, said)
    talk.end()
  }
  assert.ok(!backEnd.said.some(line => /HIDDEN|SEARCH/.test(line)), backEnd.said.join('\n'))
})

test('letters outside of ASCII in a header do not ask the next server for SMTPUTF8, as over SMTP', async t => {
  const { door, opened, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  for (const subject of ['M\xfcller', 'M\xc3\xbcller']) {
    const message = letter(BERT, subject)
    talk.say(`a APPEND Send {${message.length}+}\r\n${message}\r\n`)
    await talk.until(/^a OK Accepted.*\r\n/m)
  }
  talk.end()
  assert.deepEqual(
    opened.map(tx => tx.esmtp),
    [{ eightBit: true }, { eightBit: true }],
  )
})

const later = () =>
  new Promise(resolve => setTimeout(() => resolve('it did not end'), 3000).unref())
