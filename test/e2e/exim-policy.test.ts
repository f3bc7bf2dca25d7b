// Debian's Exim asks the policy service from its ACL for DATA, as docs/integrate-exim-sendmail.md says: its block is what runs, with another port.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openPolicyDoor } from '../../src/doors/policy-delegation/server.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import type { Step } from '../../src/model/step.ts'
import { ACCEPT, type Verdict } from '../../src/model/verdict.ts'
import { ASKED_DOOR } from '../support/asked-door.ts'
import { exim } from '../support/exim.ts'
import { eventually } from '../support/serve.ts'
import { atEnd } from '../support/owned.ts'
import { talk } from '../support/smtp-talk.ts'

const PAGE = join(import.meta.dirname, '../../docs/integrate-exim-sendmail.md')
const block = (): string =>
  /^```\n(acl_smtp_data[^]*?)^```/m.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? ''

const VERDICTS: Readonly<Record<string, Verdict>> = {
  'stopped@exim.example': { kind: 'reject', reason: 'login-stopped' },
  'later@exim.example': { kind: 'defer', reason: 'storage-full' },
  'held@exim.example': { kind: 'hold', reason: 'evidence', until: 1 },
}

test('Exim: taken, refused, deferred and frozen; away, it defers mail', async t => {
  const asked: Step[] = []
  const door = await openPolicyDoor(
    {
      ...ASKED_DOOR,
      domain: 'exim.example',
      countAt: 'end-of-message',
    },
    {
      engine: {
        judge: step => {
          if (step.stage !== 'message') return { verdict: ACCEPT }
          asked.push(step)
          return { verdict: VERDICTS[step.sender ?? ''] ?? ACCEPT }
        },
        report: () => undefined,
      },
      now: Date.now,
      turns: commandTurns(),
      trouble: error => assert.fail(String(error)),
    },
  )
  atEnd(t, door.close)
  const acl = block().replace(/inet:127\.0\.0\.1:\d+/, `inet:127.0.0.1:${door.port}`)
  assert.ok(acl.includes('readsocket'))
  const peer = await exim({ relayPort: 9, acl })
  atEnd(t, peer.stop)
  const sends = async (from: string, ...to: readonly string[]) => {
    const session = await talk(peer.port)
    const lines = ['EHLO pc.example', `MAIL FROM:<${from}>`, ...to.map(one => `RCPT TO:<${one}>`)]
    for (const line of lines) assert.match(await session.say(`${line}\r\n`), /^2/, line)
    assert.match(await session.say('DATA\r\n'), /^354/)
    const reply = await session.say(`Subject: from ${from}\r\n\r\nx\r\n.\r\n`)
    session.end()
    return reply
  }
  const [one, two] = ['one@exim.example', 'two@exim.example']
  assert.match(await sends('anna@exim.example', one), /^250/)
  await eventually(() => peer.taken().find(mail => mail.includes('from anna')))
  assert.match(await sends('anna@exim.example', one, two), /^250/)
  assert.match(await sends('stopped@exim.example', one), /^550[ -]\[stopped\]/)
  assert.match(await sends('later@exim.example', one), /^45\d[ -]/)
  assert.match(await sends('held@exim.example', one), /^250/)
  await eventually(() =>
    /frozen|freeze/.test(readFileSync(peer.log ?? '', 'utf8')) ? true : undefined,
  )
  assert.ok(!peer.taken().some(mail => mail.includes('from held')))
  assert.deepEqual(
    asked.map(({ recipients, recipientCount, client }) => [
      recipients,
      recipientCount,
      client.address,
    ]),
    [
      [[one], 1, '127.0.0.1'],
      [[], 2, '127.0.0.1'],
      [[one], 1, '127.0.0.1'],
      [[one], 1, '127.0.0.1'],
      [[one], 1, '127.0.0.1'],
    ],
  )
  await door.close()
  assert.match(await sends('anna@exim.example', one), /^451/)
})
