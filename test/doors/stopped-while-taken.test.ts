// A message stops its own login: it is kept, so it is answered 250 once, and only then is the session cut. With a 421 for its answer
// the owner's program would send it again after the new password.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Engine } from '../../src/ports/engine.ts'
import { sessionTable } from '../../src/wire/session-table.ts'
import { smallCordon } from '../support/small-cordon.ts'
import { testDoor } from '../support/smtp-door.ts'
import { talk } from '../support/smtp-talk.ts'

const PLAIN = Buffer.from('\0anna@isp.example\0secret').toString('base64')

for (const framing of ['DATA', 'BDAT'] as const) {
  test(`the message that stops its own login is answered 250, then the session ends (${framing})`, async t => {
    const { engine } = await smallCordon()
    const sessions = sessionTable()
    const kept: string[] = []
    const stopping: Engine = {
      ...engine,
      open: async tx => {
        const draft = await engine.open(tx)
        return {
          write: draft.write,
          abort: draft.abort,
          finish: async () => {
            const judgement = await draft.finish()
            kept.push(judgement.message ?? '')
            sessions.cut('anna@isp.example')
            await new Promise(setImmediate)
            return { ...judgement, verdict: { kind: 'hold', reason: 'evidence', until: tx.at } }
          },
        }
      },
    }
    const door = await testDoor('submission', stopping, { trouble: assert.ifError, sessions })
    t.after(() => door.close(0))
    const session = await talk(door.port)
    await session.say('EHLO client.example\r\n')
    await session.say('STARTTLS\r\n')
    await session.secure()
    for (const line of [
      'EHLO client.example',
      `AUTH PLAIN ${PLAIN}`,
      'MAIL FROM:<anna@isp.example>',
      'RCPT TO:<friend@meadow.example>',
    ])
      assert.match(await session.say(`${line}\r\n`), /^2/)
    const message = 'From: anna@isp.example\r\nSubject: one\r\n\r\nhello\r\n'
    if (framing === 'DATA') await session.say('DATA\r\n')
    const reply = await session.say(
      framing === 'DATA' ? `${message}.\r\n` : `BDAT ${message.length} LAST\r\n${message}`,
    )
    assert.match(reply, /^250 2\.0\.0 Ok: /)
    assert.equal(kept.length, 1)
    assert.match(
      await session.say('').catch((error: Error) => error.message),
      /^421 4\.7\.0 |ended/,
    )
  })
}
