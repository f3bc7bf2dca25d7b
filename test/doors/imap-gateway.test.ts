// The IMAP gateway on a socket: what a client that lies, hangs up or does not read can bring about; and that a message is judged over IMAP as
// over SMTP.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { imapDoor, imapTalk, smallBackEnd } from '../support/imap-door.ts'
import { BERT, imapScene, letter, TRICKS } from '../support/imap-scene.ts'
import { eventually } from '../support/serve.ts'
import { smallCordon } from '../support/small-cordon.ts'
import { testDoor, WIDE } from '../support/smtp-door.ts'

test('cut at every byte of an APPEND a message is sent not at all; whole it is sent once, also when it is said again', async t => {
  const { door, taken, backEnd, close } = await imapScene()
  t.after(close)
  const message = letter(BERT)
  const command = `a APPEND Send (\\Seen) {${message.length}+}\r\n${message}\r\n`
  for (let at = 1; at < command.length; at++) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(command.slice(0, at))
    if (at % 10 === 0) await new Promise(resolve => setTimeout(resolve, 2))
    talk.end()
  }
  assert.deepEqual(taken, [])
  for (let time = 0; time < 2; time++) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(command)
    await talk.until(/^a OK Accepted.*: queued as .*\r\n/m)
    talk.end()
  }
  assert.equal(taken.length, 1)
  assert.deepEqual(backEnd.appended, [['Sent', message]])
})

test('a client that hangs up before the answer, and says it again on another connection: sent once', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  const message = letter(BERT, 'twice')
  const command = `a APPEND Send {${message.length}+}\r\n${message}\r\n`
  const first = await imapTalk(door.port, BERT)
  first.say(command)
  first.end()
  const second = await imapTalk(door.port, BERT)
  second.say(command)
  await second.until(/^a OK Accepted.*\r\n/m)
  second.end()
  assert.equal(taken.length, 1)
})

test('a client that says goodbye after the answer has heard it: the same again is a message of its own, on any connection', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  const message = letter(BERT, 'the same')
  const command = `a APPEND Send {${message.length}+}\r\n${message}\r\n`
  const first = await imapTalk(door.port, BERT)
  for (let time = 0; time < 2; time++) {
    first.say(command)
    await first.until(/^a OK Accepted: .*\r\n/m)
  }
  assert.equal(taken.length, 2)
  first.say('b LOGOUT\r\n')
  await first.ended
  const second = await imapTalk(door.port, BERT)
  second.say(command)
  await second.until(/^a OK Accepted: .*\r\n/m)
  second.end()
  assert.equal(taken.length, 3)
})

test('where no send folder is named, nothing is sent: the message is the back end’s', async t => {
  const { door, taken, backEnd, close } = await imapScene({ sendFolders: [] })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  const message = letter(BERT)
  talk.say(`a APPEND Send {${message.length}}\r\n`)
  await talk.until(/^\+ go on\r\n/m)
  talk.say(`${message}\r\n`)
  await talk.until(/^a OK APPEND done\r\n/m)
  talk.say('b UID SENDMAIL 1\r\n')
  await talk.until(/^b OK UID done\r\n/m)
  talk.end()
  assert.deepEqual(taken, [])
  assert.deepEqual(backEnd.appended, [['Send', message]])
})

test('the folder is known in every spelling of its name', async t => {
  const { door, taken, backEnd, close } = await imapScene({ sendFolders: ['À envoyer'] })
  t.after(close)
  const names = ['"&AMA- envoyer"', '{14}\r\n&AMA- envoyer*', '"À envoyer"'].map(one =>
    Buffer.from(one.replace('*', '').replace('{14}', '{13}')).toString('latin1'),
  )
  for (const [i, name] of names.entries()) {
    const talk = await imapTalk(door.port, BERT)
    const message = letter(BERT, `number ${i}`)
    const [before = '', literal] = name.split('\r\n')
    talk.say(`a APPEND ${before}${literal === undefined ? ' ' : '\r\n'}`)
    if (literal !== undefined) {
      await talk.until(/^\+ OK\r\n/m)
      talk.say(`${literal} `)
    }
    talk.say(`{${message.length}}\r\n`)
    await talk.until(/^\+ OK\r\n/m)
    talk.say(`${message}\r\n`)
    await talk.until(/^a OK Accepted.*\r\n/m)
    talk.end()
  }
  assert.equal(taken.length, 3)
  assert.ok(backEnd.appended.every(([folder]) => folder === 'Sent'))
})

test('another folder whose name is a literal is the back end’s, and it sees one continuation for each', async t => {
  const { door, taken, backEnd, close } = await imapScene({ capabilities: 'IMAP4rev1' })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a COPY 1 {4}\r\n')
  await talk.until(/^\+ OK\r\n/m)
  talk.say('Work\r\n')
  await talk.until(/^a OK COPY done\r\n/m)
  assert.deepEqual(taken, [])
  assert.ok(backEnd.said.includes('a COPY 1 {4}'))
  talk.end()
})

test('the back end is asked for each literal, and no command is hidden in one that it does not want', async t => {
  const { door, backEnd, close } = await imapScene({ capabilities: 'IMAP4rev1' })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a NOOP {10+}\r\nb X HIDDEN {3+}\r\nabc\r\nc SEARCH {5+}\r\nhello\r\n')
  await talk.until(/^a OK NOOP done\r\n/m)
  assert.doesNotMatch(await talk.until(/^c OK SEARCH done\r\n/m), /^\+/m)
  talk.end()
  for (const said of ['a SEARCH foo{5+}\r\nhello', '\0\r\n{3}\r\n']) {
    const talk = await imapTalk(door.port, BERT)
    talk.say(said)
    if (said.startsWith('\0')) await talk.until(/^\* BAD.*\r\n/m)
    else assert.equal(await Promise.race([talk.ended, later()]), undefined, said)
    talk.end()
  }
  assert.ok(backEnd.said.includes('c SEARCH {5}'))
  assert.ok(!backEnd.said.some(line => /b X|abc|foo/.test(line)), backEnd.said.join('\n'))
})

/** The bound is there to end a test that is red. */
const later = () =>
  new Promise(resolve => setTimeout(() => resolve('it did not end'), 5000).unref())

test('what would blind the gateway or log in another is refused, with its literals', async t => {
  const { door, backEnd, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  for (const command of [
    'COMPRESS DEFLATE',
    'STARTTLS',
    'UNAUTHENTICATE',
    'LOGIN {4+}\r\nanna {6+}\r\nsecret',
    'AUTHENTICATE PLAIN',
    'REPLACE 1 Send {3+}\r\nabc',
    'LOGIN {4}',
  ]) {
    talk.say(`a ${command}\r\n`)
    await talk.until(/^a BAD .*\r\n/m)
  }
  talk.say('b NOOP\r\n')
  await talk.until(/^b OK NOOP done\r\n/m)
  talk.end()
  assert.ok(!backEnd.said.some(line => /COMPRESS|STARTTLS|UNAUTH|LOGIN|REPLACE/.test(line)))
})

test('a message that is said to have 2 GiB is refused before a byte of it, and one that must be read is read away', async t => {
  const { door, taken, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a APPEND Send {2147483648}\r\n')
  await talk.until(/^a NO \[LIMIT\] .*\r\n/m)
  talk.say(`b APPEND Send {300000+}\r\n${'x'.repeat(300_000)}\r\nc NOOP\r\n`)
  await talk.until(/^b NO \[LIMIT\] .*\r\n/m)
  await talk.until(/^c OK NOOP done\r\n/m)
  const message = letter(BERT)
  talk.say(`d APPEND Send {${message.length}+}\r\n${message} {3+}\r\nabc\r\n`)
  await talk.until(/^d NO \[CANNOT\] .*one message.*\r\n/m)
  talk.end()
  assert.deepEqual(taken, [])
})

test('a back end that dies in the midst of a message: nothing is sent, and the client is not left waiting', async t => {
  const { door, taken, close } = await imapScene({
    stored: letter(BERT, 'cut'.repeat(20)),
    dies: true,
  })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a COPY 1 Send\r\n')
  await talk.ended
  assert.deepEqual(taken, [])
})

test('a client that does not read makes the back end wait, and gets all of it in the end', async t => {
  const large = `${'y'.repeat(998)}\r\n`.repeat(40_000)
  const { door, backEnd, close } = await imapScene({ stored: large })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.pause()
  talk.say('a FETCH 1 BODY.PEEK[]\r\n')
  await new Promise(resolve => setTimeout(resolve, 1000))
  // What the kernel keeps of two connections over loopback is some megabytes.
  assert.ok(backEnd.sent() < large.length / 2, String(backEnd.sent()))
  talk.resume()
  await eventually(() => (talk.heard().length > large.length ? true : undefined))
  const heard = await talk.until(/^a OK FETCH done\r\n/m)
  assert.ok(heard.includes(large))
  talk.end()
})

test('a draft that is copied is sent; its bytes are never seen by the client, and what the server tells meanwhile is', async t => {
  const { door, taken, backEnd, close } = await imapScene({ stored: letter(BERT, 'copied') })
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  talk.say('a COPY 1 Send\r\n')
  const heard = await talk.until(/^a OK Accepted.*\r\n/m)
  assert.match(heard, /^\* 7 EXISTS\r$/m)
  assert.doesNotMatch(heard, /FETCH|cordon/)
  assert.equal(taken.length, 1)
  assert.equal(backEnd.appended[0]?.[0], 'Sent')
  talk.end()
})

test('a session that is cut ends with BYE, and one that takes a message answers that first', async t => {
  const { door, hook, backEnd, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  door.sessions.cut(BERT)
  await talk.ended
  assert.match(talk.heard(), /^\* BYE .*\r\n$/)
  hook.whenTaken = () => door.sessions.cut(BERT)
  const message = letter(BERT)
  const taking = await imapTalk(door.port, BERT)
  taking.say(`a APPEND Send {${message.length}+}\r\n${message}\r\n`)
  await taking.ended
  assert.match(taking.heard(), /^a OK Accepted.*\r\n\* BYE .*\r\n$/)
  assert.equal(backEnd.appended.length, 1)
})

test('a session that is cut ends within a second, also while the back end hangs over the copy; the client hears that it was sent', async t => {
  const { door, hook, taken, close } = await imapScene({ hangs: 'APPEND' })
  t.after(close)
  hook.whenTaken = () => door.sessions.cut(BERT)
  const message = letter(BERT)
  const talk = await imapTalk(door.port, BERT)
  talk.say(`a APPEND Send {${message.length}+}\r\n${message}\r\n`)
  assert.equal(await Promise.race([talk.ended, later()]), undefined)
  assert.match(talk.heard(), /^a OK Accepted.*\r\n\* BYE .*\r\n$/)
  assert.equal(taken.length, 1)
})

test('a client that finds no room is told so', async t => {
  const { engine } = await smallCordon()
  const door = await imapDoor(engine, 1, { implicitTls: false, caps: { ...WIDE, perAddress: 1 } })
  t.after(() => door.close(0))
  const first = connect(door.port, '127.0.0.1')
  await once(first, 'data')
  const second = connect(door.port, '127.0.0.1')
  let words = ''
  second.on('data', chunk => (words += String(chunk))).on('error', () => second.destroy())
  await once(second, 'close')
  assert.equal(words, '* BYE [UNAVAILABLE] Too many connections; try again later\r\n')
  first.destroy()
})

test('wrong passwords feed the brake: after some the back end is asked about none from there, and not about the right one', async t => {
  const { door, backEnd, close } = await imapScene()
  t.after(close)
  const asked = () => backEnd.said.filter(line => line.includes('AUTHENTICATE')).length
  const attempt = async (password: string) => {
    const talk = await imapTalk(door.port)
    talk.say(`a LOGIN ${BERT} ${password}\r\n`)
    const said = await talk.until(/^a (?:NO|OK) .*\r\n/m)
    talk.end()
    return said
  }
  let times = 0
  while (times < 60 && !(await attempt(`wrong${times}`)).includes('[UNAVAILABLE]')) times++
  assert.ok(times > 0 && times < 60, String(times))
  assert.equal(asked(), times)
  assert.match(await attempt('secret'), /UNAVAILABLE/)
  assert.equal(asked(), times)
})

test('whatever trick a From uses, it is judged over IMAP as over SMTP', async t => {
  const { engine } = await smallCordon()
  const backEnd = await smallBackEnd()
  const door = await imapDoor(engine, backEnd.port)
  const smtp = await testDoor('submission', engine, {
    trouble: error => assert.fail(String(error)),
  })
  t.after(async () => {
    await Promise.all([door.close(0), smtp.close(0)])
    backEnd.close()
  })
  for (const [name, from] of TRICKS) {
    const message = letter(from, name)
    const talk = await imapTalk(door.port, BERT)
    talk.say(`a APPEND Send {${message.length}+}\r\n${message}\r\n`)
    const said = await talk.until(/^a (?:OK|NO) .*\r\n/m)
    talk.end()
    const overImap = /\((\w[\w-]*)\)\r\n$/.exec(said)?.[1] ?? 'accept'
    assert.equal(overImap, await overSmtp(smtp.port, message), name)
  }
})

/** The token of the refusal. */
async function overSmtp(port: number, message: string): Promise<string> {
  const connection = new SMTPConnection({
    port,
    host: '127.0.0.1',
    tls: { rejectUnauthorized: false },
  })
  connection.on('error', () => {})
  await new Promise<void>(resolve => connection.connect(() => resolve()))
  await new Promise(resolve =>
    connection.login({ credentials: { user: BERT, pass: 'secret' } }, resolve),
  )
  const said = await new Promise<string>(resolve =>
    connection.send({ from: BERT, to: ['anna@isp.example'] }, message, error =>
      resolve(error === null ? 'accept' : String((error as { response?: string }).response)),
    ),
  )
  connection.close()
  return /\[([\w-]+)\]/.exec(said)?.[1] ?? said
}

test('a command in place of DONE is answered BAD, is not done, and the connection goes on', async t => {
  const { door, taken, backEnd, close } = await imapScene()
  t.after(close)
  const talk = await imapTalk(door.port, BERT)
  const message = letter(BERT, 'in IDLE')
  for (const [i, wrong] of [
    'b NOOP\r\n',
    '\r\n',
    'b SEARCH "not ended\r\n',
    'b COMPRESS DEFLATE\r\n',
    'b APPEND Send {5}\r\n',
    `b APPEND Send {${message.length}+}\r\n${message}\r\n`,
  ].entries()) {
    talk.say(`i${i} IDLE\r\n`)
    await talk.until(/\* 3 EXISTS\r\n/)
    talk.say(wrong)
    await talk.until(new RegExp(`^i${i} BAD Expected DONE\\r\\n`, 'm'))
    talk.say(`n${i} NOOP\r\n`)
    assert.doesNotMatch(await talk.until(new RegExp(`^n${i} OK`, 'm')), /^(?:b|\*) /m)
  }
  talk.say('z IDLE\r\n')
  await talk.until(/\* 3 EXISTS\r\n/)
  talk.say('done\r\n')
  await talk.until(/^z OK/m)
  assert.deepEqual(
    backEnd.said.filter(line => line.startsWith('b ')),
    [],
  )
  assert.deepEqual(taken, [])
})
