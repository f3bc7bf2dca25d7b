// A log that is followed, over restarts and an engine that cannot take what it is told: each message and each answer once.

import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import type { NewEvent } from '../../model/event.ts'
import type { HeardMail } from '../../model/heard-mail.ts'
import { FollowedMail, type FollowedMailParts, type LogRow } from './followed-mail.ts'
import { fileSource } from './log-source.ts'

const NOW = Date.UTC(2026, 10, 28, 12)

type SceneSettings = Partial<Pick<FollowedMailParts, 'zone' | 'program' | 'resultsOnly'>>

function scene(t: TestContext, given: SceneSettings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-mail-log-'))
  const file = join(folder, 'mail.log')
  writeFileSync(file, 'a line of before\n')
  const rows = memoryRecords<LogRow>()
  const told: string[] = []
  const mails: HeardMail[] = []
  const events: NewEvent[] = []
  let isDown = false
  const hear = (words: string) => {
    if (isDown) throw new Error('the store is away')
    told.push(words)
  }
  const begin = () => {
    const source = fileSource(file, rows.get(file)?.place, () => NOW)
    const parts: FollowedMailParts = {
      realm: 'main',
      domain: 'isp.example',
      resultsOnly: false,
      zone: undefined,
      program: undefined,
      ...given,
      source,
      heard: {
        message: async (mail, answers) => {
          hear(
            `${mail.id} ${mail.login ?? mail.address} ${answers.map(one => one.refused?.result ?? 'taken').join()}`,
          )
          mails.push(mail)
        },
        later: async ({ id }, { recipient, refused }) =>
          hear(`${id} later ${recipient} ${refused?.result ?? 'taken'}`),
      },
      report: event => void events.push(event),
      rows,
      now: () => NOW,
    }
    return { mail: new FollowedMail(parts), source }
  }
  let now = begin()
  t.after(async () => {
    await now.source.close()
    rmSync(folder, { recursive: true })
  })
  return {
    file,
    mails,
    events,
    rows,
    writes: (...lines: readonly string[]) => appendFileSync(file, `${lines.join('\n')}\n`),
    look: async () => {
      await now.mail.look()
      return told.splice(0)
    },
    /** Nothing is said before it ends. */
    killed: async () => {
      await now.source.close()
      now = begin()
    },
    down: (is: boolean) => void (isDown = is),
  }
}

const at = (minute: number) => `2026-11-28T11:${String(minute).padStart(2, '0')}:00+00:00 mx`
const begins = (id: string, minute = 0) => [
  `${at(minute)} postfix/submission/smtpd[1]: ${id}: client=x[198.51.100.7], sasl_method=PLAIN, sasl_username=anna`,
  `${at(minute)} postfix/qmgr[2]: ${id}: from=<anna@isp.example>, size=9, nrcpt=2 (queue active)`,
]
const delivery = (id: string, recipient: string, status: string, minute = 0) =>
  `${at(minute)} postfix/smtp[3]: ${id}: to=<${recipient}>, relay=mx.${recipient.split('@')[1]}[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=${status}`
const GONE = 'bounced (host said: 550 5.1.1 no such user)'
const LATER = 'deferred (host said: 450 4.2.0 greylisted)'
const SENT = 'sent (250 2.0.0 ok)'
const ID = '4Xy9Zz1kTz0B'

test('a message is told when all its recipients were tried; what was deferred, later; what was before is not read', async t => {
  const { writes, look, mails } = scene(t)
  assert.deepEqual(await look(), [])
  writes(...begins(ID), delivery(ID, 'a@a.example', GONE))
  assert.deepEqual(await look(), [])
  writes(delivery(ID, 'b@b.example', LATER))
  assert.deepEqual(await look(), [`${ID} anna@isp.example unknown-user`])
  writes(delivery(ID, 'b@b.example', SENT))
  assert.deepEqual(await look(), [`${ID} later b@b.example taken`])
  const [mail] = mails
  assert.deepEqual([mail?.at, mail?.zoneKnown, mail?.recipientCount], [NOW - 3_600_000, true, 2])
})

test('killed between the lines of a message: it is told afterwards with its login, also when the log was rotated meanwhile', async t => {
  const { file, writes, look, killed } = scene(t)
  await look()
  writes(...begins('4Xy9Zz1kTz0C'), ...begins(ID), delivery(ID, 'a@a.example', SENT))
  await look()
  await killed()
  renameSync(file, `${file}.1`)
  writeFileSync(file, '')
  writes(delivery(ID, 'b@b.example', SENT))
  assert.deepEqual(await look(), [`${ID} anna@isp.example taken,taken`])
  await killed()
  writes(
    delivery('4Xy9Zz1kTz0C', 'b@b.example', SENT),
    delivery('4Xy9Zz1kTz0C', 'a@a.example', SENT),
  )
  const again = await look()
  assert.ok(again.includes('4Xy9Zz1kTz0C anna@isp.example taken,taken'), again.join())
})

test('a message of before the restart whose beginning is not read again has its later answers', async t => {
  const { writes, look, killed } = scene(t)
  await look()
  writes(...begins(ID), delivery(ID, 'a@a.example', SENT), delivery(ID, 'b@b.example', LATER))
  await look()
  await killed()
  assert.deepEqual(await look(), [])
  writes(delivery(ID, 'b@b.example', GONE))
  assert.deepEqual(await look(), [`${ID} later b@b.example unknown-user`])
})

test('what the engine cannot take now is told when it can, and the place stays behind it', async t => {
  const { writes, look, down, killed } = scene(t)
  await look()
  writes(...begins(ID), delivery(ID, 'a@a.example', SENT), delivery(ID, 'b@b.example', SENT))
  down(true)
  await assert.rejects(look(), /away/)
  await assert.rejects(look(), /away/)
  await killed()
  await assert.rejects(look(), /away/)
  down(false)
  assert.deepEqual(await look(), [`${ID} anna@isp.example taken,taken`])
})

test('wrong passwords are events, once, also where the lines come again', async t => {
  const { writes, look, killed, events } = scene(t)
  await look()
  writes(
    ...begins(ID),
    `${at(1)} postfix/smtpd[9]: disconnect from x[192.0.2.66] ehlo=1 auth=0/3 quit=1 commands=2/5`,
  )
  await look()
  await killed()
  await look()
  assert.deepEqual(
    events.map(event => event.kind === 'link-auth' && [event.ok, event.who.address]),
    [[false, '192.0.2.66']],
  )
})

test('stamps without a zone: as of now and joined with no lease; with the zone of the configuration as they say', async t => {
  const old = (lines: readonly string[]) =>
    lines.map(line => line.replace(/^\S+/, 'Nov 28 12:30:00'))
  const lines = old([
    ...begins(ID),
    delivery(ID, 'a@a.example', SENT),
    delivery(ID, 'b@b.example', SENT),
  ])
  const [without, berlin] = [scene(t), scene(t, { zone: 'Europe/Berlin' })]
  for (const { look, writes } of [without, berlin]) {
    await look()
    writes(...lines)
    await look()
  }
  const seen = ({ mails: [mail] }: typeof without) => [mail?.at, mail?.zoneKnown]
  assert.deepEqual(seen(without), [NOW, false])
  assert.deepEqual(seen(berlin), [NOW - 1_800_000, true])
})

test('lines of another program than the one that is named, and of a stranger who writes to people of that server, are nothing', async t => {
  const { writes, look } = scene(t, { program: 'postfix' })
  await look()
  const [first = '', second = ''] = begins(ID)
  writes(
    first.replace(/, sasl.*/, ''),
    second.replace('nrcpt=2', 'nrcpt=1'),
    `${at(0)} postfix/virtual[3]: ${ID}: to=<anna@isp.example>, relay=virtual, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (delivered to maildir)`,
    `${at(0)} exim[3]: 1abcde-000000-00 <= anna@isp.example U=anna P=local S=9`,
  )
  assert.deepEqual(await look(), [])
})
