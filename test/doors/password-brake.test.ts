// The brake at the SMTP door, as whoever guesses feels it: after fifteen wrong passwords of a login from one network not even the right one
// is looked at, by whichever mechanism, and the door says so with a 4xx. Others are not concerned.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smallCordon } from '../support/small-cordon.ts'
import { testDoor } from '../support/smtp-door.ts'
import { type SmtpTalk, talk } from '../support/smtp-talk.ts'

const ANNA = 'anna@isp.example'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const FORGIVEN = 15
const SLOW_DOWN = /^454 4\.7\.0 \[slow-down\]/

async function secured(port: number): Promise<SmtpTalk> {
  const session = await talk(port)
  for (const line of ['EHLO client.example', 'STARTTLS']) await session.say(`${line}\r\n`)
  await session.secure()
  await session.say('EHLO client.example\r\n')
  return session
}

type Mechanism = (session: SmtpTalk, password: string, name?: string) => Promise<string>

const MECHANISMS: Readonly<Record<string, Mechanism>> = {
  PLAIN: (session, password, name = ANNA) =>
    session.say(`AUTH PLAIN ${base64(`\0${name}\0${password}`)}\r\n`),
  LOGIN: async (session, password, name = ANNA) => {
    await session.say(`AUTH LOGIN ${base64(name)}\r\n`)
    return session.say(`${base64(password)}\r\n`)
  },
}

for (const [mechanism, guess] of Object.entries(MECHANISMS))
  test(`after fifteen wrong passwords the right one is not looked at (${mechanism})`, async t => {
    const { engine, close } = await smallCordon()
    t.after(close)
    const door = await testDoor('submission', engine, { trouble: assert.ifError })
    t.after(() => door.close(0))
    const replies: string[] = []
    for (let i = 0; i < FORGIVEN; i += 5) {
      const session = await secured(door.port)
      for (let j = i; j < i + 5; j++) replies.push(await guess(session, `guess ${j}`))
      session.end()
    }
    assert.deepEqual([...new Set(replies.map(reply => reply.slice(0, 9)))], ['535 5.7.8'])
    const session = await secured(door.port)
    assert.match(await guess(session, 'one more'), SLOW_DOWN)
    assert.match(await guess(session, 'secret'), SLOW_DOWN, 'the right one')
    assert.match(await guess(session, 'secret', 'bert@isp.example'), /^235 /, 'another login')
    session.end()
  })

test('a right password in between costs nothing, and wrong ones below the budget hinder nobody', async t => {
  const { engine, close } = await smallCordon()
  t.after(close)
  const door = await testDoor('submission', engine, { trouble: assert.ifError })
  t.after(() => door.close(0))
  const { PLAIN: guess } = MECHANISMS as { PLAIN: Mechanism }
  for (let round = 0; round < 2; round++) {
    const session = await secured(door.port)
    for (let i = 0; i < 7; i++) assert.match(await guess(session, `guess ${round} ${i}`), /^535 /)
    assert.match(await guess(session, 'secret'), /^235 /)
    session.end()
  }
})
