// What a client of the IMAP gateway can conclude from an answer, and from none: whoever hears OK is done, whoever hears nothing says it again, and
// it is sent once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imapTalk } from '../support/imap-door.ts'
import { BERT, imapScene, letter } from '../support/imap-scene.ts'
import { eventually } from '../support/serve.ts'

const append = (message: string) => `a APPEND Send {${message.length}+}\r\n${message}\r\n`

test('a server that shuts down, or one behind that dies, in the midst of a message: it is not sent, and the client hears BYE and no OK', async t => {
  for (const ends of ['shut down', 'dead behind']) {
    const { door, taken, backEnd, close } = await imapScene()
    t.after(close)
    const message = letter(BERT, 'x'.repeat(5000))
    const talk = await imapTalk(door.port, BERT)
    talk.say(`a APPEND Send {${message.length}}\r\n`)
    await talk.until(/^\+ OK\r\n/)
    talk.say(message.slice(0, 1000))
    if (ends === 'shut down') void door.close(5000)
    else backEnd.cut()
    await talk.until(/^\* BYE .*\r\n/)
    talk.say(`${message.slice(1000)}\r\n`)
    await talk.ended
    assert.doesNotMatch(talk.heard(), /OK/)
    assert.deepEqual(taken, [], ends)
  }
})

test('a server behind that dies over the copy: the client hears that it was sent', async t => {
  const { door, taken, hook, backEnd, close } = await imapScene({ hangs: 'APPEND' })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  hook.whenTaken = () => setTimeout(() => backEnd.cut(), 50)
  talk.say(append(letter(BERT)))
  await talk.ended
  assert.match(talk.heard(), /^a OK Accepted: .*\r\n\* BYE .*\r\n$/)
  assert.equal(taken.length, 1)
})

test('what a client writes without having read the answer says nothing of it: the same again is sent once', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  for (const [i, behind] of [
    'b NOOP\r\n',
    '\r\n',
    'b LOGOUT\r\n',
    'b NOOP\r\nc LOGOUT\r\n',
  ].entries()) {
    const message = letter(BERT, `pipelined ${i}`)
    const first = await imapTalk(door.port, BERT)
    first.pause()
    first.say(append(message))
    await eventually(() => (taken.length === i + 1 ? true : undefined))
    await new Promise(resolve => setTimeout(resolve, 100))
    first.say(behind)
    await new Promise(resolve => setTimeout(resolve, 100))
    first.reset()
    await first.ended
    const second = await imapTalk(door.port, BERT)
    second.say(append(message))
    await second.until(/^a OK Accepted already at .*\r\n/m)
    second.end()
    assert.equal(taken.length, i + 1, behind)
  }
})

test('the same on one connection is meant, and on the next both are known; a copy that was not filed is filed then', async t => {
  const { door, taken, backEnd, close } = await imapScene()
  t.after(close)
  const message = letter(BERT, 'two of them')
  for (let time = 0; time < 2; time++) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(append(message) + append(message))
    await talk.until(/^a OK Accepted.*\r\na OK Accepted.*\r\n/m)
    talk.reset()
    await talk.ended
  }
  assert.deepEqual([taken.length, backEnd.appended.length], [2, 2])
})

test('a copy that the server behind could not take is filed when the message is said again', async t => {
  const { door, taken, hook, backEnd, close } = await imapScene()
  t.after(close)
  const message = letter(BERT, 'filed late')
  const first = await imapTalk(door.port, BERT)
  hook.whenTaken = () => backEnd.cut()
  first.say(append(message))
  await first.ended
  assert.equal(backEnd.appended.length, 0)
  const second = await imapTalk(door.port, BERT)
  second.say(append(message))
  await second.until(/^a OK Accepted already at .*\r\n/m)
  second.end()
  assert.deepEqual([taken.length, backEnd.appended.map(([folder]) => folder)], [1, ['Sent']])
})

test('what the server behind tells of other messages meanwhile is not sent, and the client hears it', async t => {
  const other = letter(BERT, 'half written', 'nobody-else@isp.example')
  const pushes = [
    `* 9 FETCH (UID 999 BODY[] {${other.length}}\r\n${other})\r\n`,
    `* 1 FETCH (UID 1 BODY[HEADER] {${other.length}}\r\n${other})\r\n`,
    `* 1 FETCH (UID 1 BODY[]<0> {${other.length}}\r\n${other})\r\n`,
    `* 9 FETCH (UID 999 ENVELOPE ("" "(UID 1 BODY[] {2}") UID 1 BODY[] {${other.length}}\r\n${other})\r\n`,
  ].join('')
  const { door, taken, close } = await imapScene({ stored: letter(BERT, 'the right one'), pushes })
  t.after(close)
  for (const command of ['COPY 1 Send', 'UID COPY 1:1 Send', 'UID MOVE 01 Send', 'UID SUBMIT 1']) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(`a ${command}\r\n`)
    const heard = await talk.until(/^a OK Accepted.*\r\n/m)
    assert.ok(heard.startsWith(pushes), command)
    assert.doesNotMatch(heard, /the right one/)
    talk.end()
  }
  assert.ok(taken.length > 0 && taken.every(text => text.includes('the right one')))
})

test('MOVE is OK only when it moved; until then it says that it was sent, and the same again sends nothing', async t => {
  const { door, taken, close } = await imapScene({ stored: letter(BERT, 'stays'), refuses: 'MOVE' })
  t.after(close)
  for (let connection = 0; connection < 2; connection++) {
    const talk = await imapTalk(door.port, BERT)
    for (let time = 0; time < 2; time++) {
      talk.say('a MOVE 1 Send\r\n')
      await talk.until(/^a NO \[CANNOT\] It was sent, and is still where it was.*\r\n/m)
    }
    talk.say('b LOGOUT\r\n')
    await talk.ended
  }
  assert.equal(taken.length, 1)
  const without = await imapScene({ capabilities: 'IMAP4rev1', stored: letter(BERT, 'stays') })
  t.after(without.close)
  const talk = await imapTalk(without.door.port, BERT)
  talk.say('a MOVE 1 Send\r\n')
  await talk.until(/^a NO \[CANNOT\] Not sent: .*copy it\r\n/m)
  talk.end()
  assert.deepEqual(without.taken, [])
})

test('a draft that was sent and could not be moved is a draft again; one that moved is none, and what was none stays so', async t => {
  const about = (said: readonly string[]) =>
    said.flatMap(line => /(?:-FLAGS|MOVE|\+FLAGS).*/.exec(line)?.[0] ?? [])
  const [off, on] = ['-FLAGS.SILENT (\\Draft)', '+FLAGS.SILENT (\\Draft)']
  const move = 'MOVE 1 "Sent"'
  for (const [flags, refuses, expected] of [
    ['\\Seen \\Draft', 'MOVE', [off, move, on]],
    ['\\Seen \\Draft', 'NOTHING', [off, move]],
    ['\\Seen', 'MOVE', [move]],
  ] as const) {
    const { door, backEnd, close } = await imapScene({ stored: letter(BERT), flags, refuses })
    t.after(close)
    const talk = await imapTalk(door.port, BERT)
    talk.say('a MOVE 1 Send\r\n')
    assert.doesNotMatch(await talk.until(/^a (?:OK|NO) .*\r\n/m), /FLAGS/)
    talk.end()
    assert.deepEqual(about(backEnd.said), expected)
  }
})

test('* is refused in words of its own, and nothing is sent', async t => {
  const { door, taken, close } = await imapScene({ stored: letter(BERT) })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  for (const command of ['COPY *', 'UID COPY *', 'MOVE *', 'UID MOVE *']) {
    talk.say(`a ${command} Send\r\n`)
    await talk.until(/^a NO \[CANNOT\] Not sent: \* is whichever message came last.*\r\n/m)
  }
  talk.end()
  assert.deepEqual(taken, [])
})

test('a folder’s name as a literal, which the server behind refuses before it hears it: the session goes on', async t => {
  const { door, backEnd, close } = await imapScene({ refusesLiterals: 'APPEND' })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a APPEND {5}\r\n')
  await talk.until(/^\+ OK\r\n/m)
  talk.say('Other {90}\r\n')
  await talk.until(/^a NO .*\r\n/m)
  talk.say('b APPEND {5+}\r\nOther {9+}\r\nx EXPUNGE\r\nc NOOP\r\n')
  await talk.until(/^b NO .*\r\n/m)
  await talk.until(/^c OK .*\r\n/m)
  talk.end()
  assert.ok(!backEnd.said.some(line => /Other|EXPUNGE/.test(line)))
})
