// The POP3 gateway on a socket: what a client that lies, hangs up or pipelines can bring about; and that a message is judged over POP3 as over
// IMAP.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnsweredIn } from '../../src/doors/pop3/command-line.ts'
import { Responses } from '../../src/doors/pop3/responses.ts'
import { imapDoor, imapTalk, smallBackEnd } from '../support/imap-door.ts'
import { BERT, letter, TRICKS } from '../support/imap-scene.ts'
import { eventually } from '../support/serve.ts'
import { gatewayTalk } from '../support/gateway-talk.ts'
import { pop3Scene, pop3Talk } from '../support/pop3-door.ts'

const stuffed = (message: string): string => `${message.replaceAll(/^\./gm, '..')}.\r\n`

test('cut at every byte of XTND XMIT a message is sent not at all; whole it is sent once, also when it is said again', async t => {
  const { port, taken, close } = await pop3Scene()
  t.after(close)
  const whole = `XTND XMIT\r\n${stuffed(letter(BERT))}`
  for (let at = 1; at < whole.length; at++) {
    const talk = await pop3Talk(port, BERT)
    talk.say(whole.slice(0, at))
    if (at % 10 === 0) await new Promise(resolve => setTimeout(resolve, 2))
    talk.end()
  }
  assert.deepEqual(taken, [])
  for (let time = 0; time < 2; time++) {
    const talk = await pop3Talk(port, BERT)
    talk.say(whole)
    await talk.until(/^\+OK Accepted.*: queued as .*\r\n/m)
    talk.end()
  }
  assert.equal(taken.length, 1)
})

test('the same said twice on one connection is meant, and after goodbye on another; with dots and without Bcc', async t => {
  const { port, taken, close } = await pop3Scene()
  t.after(close)
  const message = `Bcc: anna@isp.example\r\n${letter(BERT)}.\r\n.. two\r\n`
  for (let connection = 0; connection < 2; connection++) {
    const talk = await pop3Talk(port, BERT)
    for (let time = 0; time < 2; time++) {
      talk.say('XTND XMIT\r\n')
      await talk.until(/^\+OK Send.*\r\n/m)
      talk.say(stuffed(message))
      await talk.until(/^\+OK Accepted: .*\r\n/m)
    }
    talk.say('QUIT\r\n')
    await talk.ended
  }
  assert.equal(taken.length, 4)
  assert.ok(taken[0]?.endsWith('A few words.\r\n.\r\n.. two\r\n'), taken[0])
  assert.doesNotMatch(taken[0] ?? '', /^Bcc/m)
})

test('what a client writes without having read the answer says nothing of it: the same again is sent once', async t => {
  const { port, taken, close } = await pop3Scene()
  t.after(close)
  for (const [i, behind] of ['NOOP\r\n', 'QUIT\r\n', 'NOOP\r\nQUIT\r\n'].entries()) {
    const message = letter(BERT, `pipelined ${i}`)
    const first = await pop3Talk(port, BERT)
    first.pause()
    first.say(`XTND XMIT\r\n${stuffed(message)}`)
    await eventually(() => (taken.length === i + 1 ? true : undefined))
    await new Promise(resolve => setTimeout(resolve, 100))
    first.say(behind)
    await new Promise(resolve => setTimeout(resolve, 100))
    first.reset()
    await first.ended
    const second = await pop3Talk(port, BERT)
    second.say(`XTND XMIT\r\n${stuffed(message)}`)
    await second.until(/^\+OK Accepted already at .*\r\n/m)
    second.end()
    assert.equal(taken.length, i + 1, behind)
  }
})

test('pipelined commands are answered in their order; lines up to a dot are passed on whole, and capabilities are edited', async t => {
  const large = `Subject: x\r\n\r\n${'.'.repeat(200)}\r\n`.repeat(3000)
  const { port, backEnd, close } = await pop3Scene({ messages: [large, 'a\r\n.b\r\n'] })
  t.after(close)
  const talk = await pop3Talk(port, BERT)
  talk.say('STAT\r\nLIST\r\nLIST 1\r\nRETR 1\r\nRETR 9\r\nXLST all\r\nRETR 2\r\nCAPA\r\nQUIT\r\n')
  await talk.ended
  const dots = (text: string) => text.replaceAll(/^\./gm, '..')
  assert.equal(
    talk.heard(),
    `+OK STAT\r\n+OK\r\n1 ${large.length}\r\n2 7\r\n.\r\n+OK LIST\r\n+OK\r\n${dots(large)}.\r\n-ERR none\r\n` +
      `-ERR Command unknown, or not possible here\r\n+OK\r\na\r\n..b\r\n.\r\n` +
      '+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nXTND XMIT\r\n.\r\n+OK bye\r\n',
  )
  assert.ok(!backEnd.said.some(line => /XLST/.test(line)))
})

test('lines up to a dot end where they end, however they are cut', () => {
  const said =
    '+OK\r\na\r\n..\r\n.x\r\n.\r\n-ERR no\r\n+OK\r\n.\r\n+OK one\r\n+OK\r\nSTLS\r\nTOP\r\n.\r\n'
  for (let size = 1; size < said.length; size++) {
    const awaited: AnsweredIn[] = ['lines', 'lines', 'lines', 'line', 'capabilities']
    let out = ''
    const responses = new Responses({
      next: () => awaited.shift(),
      out: bytes => void (out += bytes.toString('latin1')),
      edited: lines => lines.filter(line => line !== 'STLS'),
      tooMuch: () => assert.fail(),
    })
    for (let at = 0; at < said.length; at += size)
      responses.push(Buffer.from(said.slice(at, at + size)))
    assert.equal(out, said.replace('STLS\r\n', ''), String(size))
    assert.deepEqual([awaited, responses.isBetween], [[], true])
  }
})

test('where it only reads, no message is taken, and what would log in another or hide a command is refused', async t => {
  const { port, taken, backEnd, close } = await pop3Scene({ sends: false })
  t.after(close)
  const talk = await pop3Talk(port, BERT)
  const before = backEnd.said.length
  for (const line of ['XTND XMIT', 'USER anna', 'AUTH PLAIN', 'STLS', 'NOOP\rDELE 1', 'DELE\0 1']) {
    talk.say(`${line}\r\n`)
    await talk.until(/^-ERR .*\r\n/m)
  }
  talk.say('CAPA\r\n')
  assert.doesNotMatch(await talk.until(/^\.\r\n/m), /XTND|STLS|SASL/)
  talk.end()
  assert.deepEqual(backEnd.said.slice(before), ['CAPA'])
  assert.deepEqual(taken, [])
})

test('what may be taken later is refused at the command, what never will behind the dot, and a large one is read away', async t => {
  const { port, hook, taken, close } = await pop3Scene()
  t.after(close)
  const talk = await pop3Talk(port, BERT)
  hook.refuses = { kind: 'defer', reason: 'try-later' }
  talk.say('XTND XMIT\r\n')
  await talk.until(/^-ERR \[SYS\/TEMP\] Not sent: .*\r\n/)
  hook.refuses = { kind: 'reject', reason: 'login-stopped' }
  talk.say('XTND XMIT\r\n')
  await talk.until(/^\+OK Send.*\r\n/)
  talk.say(stuffed(letter(BERT)))
  await talk.until(/^-ERR \[SYS\/PERM\] Not sent: .*\r\n/)
  hook.refuses = undefined
  talk.say(`XTND XMIT\r\n${stuffed(letter(BERT) + `${'x'.repeat(998)}\r\n`.repeat(300))}`)
  await talk.until(/^\+OK Send.*\r\n-ERR \[SYS\/PERM\] .*at most 100000 bytes.*\r\n/)
  talk.say(`XTND XMIT\r\n${stuffed(letter(BERT, 'x', 'nowhere'))}NOOP\r\n`)
  await talk.until(/^\+OK Send.*\r\n-ERR \[SYS\/PERM\] .*\r\n\+OK NOOP\r\n/)
  talk.end()
  assert.deepEqual(taken, [])
})

test('a session that is cut ends within a second, and one that takes a message answers that first', async t => {
  const { port, hook, sessions, close } = await pop3Scene()
  t.after(close)
  const talk = await pop3Talk(port, BERT)
  sessions.cut(BERT)
  await talk.ended
  assert.match(talk.heard(), /^-ERR \[SYS\/TEMP\] Sending .* stopped.*\r\n$/)
  hook.whenTaken = () => sessions.cut(BERT)
  const taking = await pop3Talk(port, BERT)
  taking.say(`XTND XMIT\r\n${stuffed(letter(BERT))}`)
  await taking.ended
  assert.match(taking.heard(), /\+OK Accepted.*\r\n-ERR .*stopped.*\r\n$/)
})

test('wrong passwords feed the brake, a mailbox that is in use does not', async t => {
  const { port, backEnd, close } = await pop3Scene()
  t.after(close)
  const asked = () => backEnd.said.filter(line => line.startsWith('AUTH')).length
  const attempt = async (password: string) => {
    const talk = await pop3Talk(port)
    talk.say(`AUTH PLAIN ${Buffer.from(`\0${BERT}\0${password}`).toString('base64')}\r\n`)
    const said = await talk.until(/^(?:-ERR|\+OK) .*\r\n/m)
    talk.end()
    return said
  }
  const busy = 30
  for (let i = 0; i < busy; i++) assert.match(await attempt(`busy${i}`), /^-ERR \[IN-USE\] /)
  let times = 0
  while (times < 60 && !(await attempt(`wrong${times}`)).includes('[SYS/TEMP]')) times++
  assert.ok(times > 0 && times < 60, String(times))
  assert.equal(asked(), busy + times)
  assert.match(await attempt('secret'), /SYS\/TEMP/)
  assert.equal(asked(), busy + times)
})

test('whatever trick a From uses, it is judged over POP3 as over IMAP', async t => {
  const { port, engine, close } = await pop3Scene()
  const backEnd = await smallBackEnd()
  const imap = await imapDoor(engine, backEnd.port)
  t.after(async () => {
    await Promise.all([close(), imap.close(0)])
    backEnd.close()
  })
  const token = (said: string) => /\((\w[\w-]*)\)\r\n$/.exec(said)?.[1] ?? 'accept'
  for (const [name, from] of TRICKS) {
    const message = letter(from, name)
    const overImap = await imapTalk(imap.port, BERT)
    overImap.say(`a APPEND Send {${message.length}+}\r\n${message}\r\na LOGOUT\r\n`)
    const said = await overImap.until(/^a (?:OK|NO) .*\r\n/m)
    await overImap.ended
    const talk = await pop3Talk(port, BERT)
    // Another message, which is judged by itself.
    talk.say(`XTND XMIT\r\n${stuffed(`${message}again\r\n`)}`)
    await talk.until(/^\+OK Send.*\r\n/)
    assert.equal(token(await talk.until(/^(?:\+OK|-ERR) .*\r\n/m)), token(said), name)
    talk.end()
  }
})

test('a password is passed on byte by byte, and a server behind that cannot be asked is not called too many wrong passwords', async t => {
  const { port, backEnd, close } = await pop3Scene()
  t.after(close)
  const secret = 'p\xe9w \\"x'
  const plain = Buffer.from(`\0${BERT}\0${secret}`, 'latin1').toString('base64')
  for (const said of [`USER ${BERT}\r\nPASS ${secret}`, `AUTH PLAIN ${plain}`]) {
    const talk = await pop3Talk(port)
    talk.say(`${said}\r\n`)
    await talk.until(/^\+OK Logged in\r\n/m)
    talk.end()
  }
  assert.equal(backEnd.said.filter(line => line === `\0${BERT}\0${secret}`).length, 2)
  backEnd.close()
  backEnd.cut()
  const talk = await pop3Talk(port)
  talk.say(`USER ${BERT}\r\nPASS secret\r\n`)
  assert.doesNotMatch(await talk.until(/^-ERR \[SYS\/TEMP\] .*asked.*\r\n/m), /wrong/)
  talk.end()
})

test('a client that closes its side behind its commands gets their answers, and what it sent is sent', async t => {
  const { port, taken, close } = await pop3Scene({ messages: ['Subject: one\r\n\r\nhello\r\n'] })
  t.after(close)
  const talk = gatewayTalk(port)
  talk.say(`USER ${BERT}\r\nPASS secret\r\nRETR 1\r\n`)
  talk.say(`XTND XMIT\r\n${stuffed(letter(BERT))}NOOP\r\n`)
  talk.closeSide()
  await talk.ended
  assert.match(talk.heard(), /hello\r\n\.\r\n\+OK Send.*\r\n\+OK Accepted.*\r\n\+OK NOOP\r\n$/)
  assert.equal(taken.length, 1)
})
