// What an outsider tried against the IMAP gateway, and what holds against it (test/support/imap-scene.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatewayTalk } from '../support/gateway-talk.ts'
import { smallCordon } from '../support/small-cordon.ts'
import { imapDoor, imapTalk } from '../support/imap-door.ts'
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

test('a quote that does not end, and a command that cannot be read, is answered with BAD, and the session goes on; nothing of it is run', async t => {
  const { door, taken, backEnd, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  const hidden = 'z X HIDDEN\r\n'
  for (const command of [
    'SEARCH SUBJECT "x',
    'LIST "" "a',
    'COPY 1 "Send',
    `UID SUBMIT 1 (FROM {${hidden.length}+}\r\n${hidden})`,
    `UID SENDMAIL 1 (FROM a@isp.example RECIPIENT {${hidden.length}+}\r\n${hidden})`,
    'APPEND {5+}\r\nSend\0 {3+}\r\nabc',
  ]) {
    talk.say(`a ${command}\r\nb NOOP\r\n`)
    assert.match(await talk.until(/^b OK NOOP done\r\n/m), /^a BAD [^\r]*\r\nb OK/, command)
  }
  talk.end()
  assert.deepEqual(taken, [])
  const after = backEnd.said.filter(line => /HIDDEN|SEARCH|LIST|COPY|SUBMIT|APPEND/.test(line))
  assert.deepEqual(after, [])
})

test('a line that is too long, and one whose literal is unclear, end the session with the reason', async t => {
  const { door, close } = await imapScene()
  t.after(close)
  for (const line of [`a SEARCH TEXT "${'x'.repeat(70_000)}"\r\n`, 'a SEARCH "x {3+}\r\n']) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(line)
    await talk.ended
    assert.match(talk.heard(), /^\* BYE (?:A line has more than 65536 bytes|It cannot be told)/)
  }
})

test('a client that closes its side behind its commands gets their answers, and what it sent is sent', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  const talk = gatewayTalk(door.port)
  const message = letter(BERT)
  talk.say(`a LOGIN ${BERT} secret\r\nb NOOP\r\n`)
  talk.say(`c APPEND Send {${message.length}+}\r\n${message}\r\nd NOOP\r\n`)
  talk.closeSide()
  await talk.ended
  assert.match(
    talk.heard(),
    /^\* OK .*\r\na OK .*\r\nb OK .*\r\nc OK Accepted.*\r\nd OK NOOP done\r\n$/,
  )
  assert.equal(taken.length, 1)
})

test('a password is passed on byte by byte, also as a literal where the server behind has LOGIN only', async t => {
  const secret = 'p\xe9w"\\x'
  const plain = Buffer.from(`\0${BERT}\0${secret}`, 'latin1').toString('base64')
  for (const hasNoPlain of [false, true]) {
    const { door, backEnd, close } = await imapScene({ hasNoPlain })
    t.after(close)
    for (const said of [
      `LOGIN ${BERT} {${secret.length}+}\r\n${secret}`,
      `LOGIN ${BERT} "${secret.replaceAll(/["\\]/g, '\\$&')}"`,
      `AUTHENTICATE PLAIN ${plain}`,
    ]) {
      backEnd.said.length = 0
      const talk = await imapTalk(door.port)
      talk.say(`a ${said}\r\n`)
      await talk.until(/^a OK .*\r\n/m)
      talk.end()
      const expected = hasNoPlain ? secret : `\0${BERT}\0${secret}`
      assert.ok(backEnd.said.includes(expected), backEnd.said.join('\n'))
    }
  }
})

test('a server behind that cannot be asked is not called too many wrong passwords', async t => {
  const { engine } = await smallCordon()
  const door = await imapDoor(engine, 1)
  t.after(() => door.close(0))
  const talk = await imapTalk(door.port)
  talk.say(`a LOGIN ${BERT} secret\r\n`)
  assert.doesNotMatch(await talk.until(/^a NO \[UNAVAILABLE\] .*asked.*\r\n/m), /wrong/)
  talk.end()
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
