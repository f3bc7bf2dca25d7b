import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  postfixLines,
  thiefMail,
  TOWN_BEGINS,
  townMail,
  UNKNOWN,
  AS_SPAM,
} from '../../../test/support/postfix-town.ts'
import { adviceFor } from './advice.ts'
import { readLogs } from './read-logs.ts'
import { type Row, rowsOf } from './verdict.ts'

const NOW = Date.UTC(2026, 10, 10)
const DAY = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'cordon-who-spams-'))
after(() => rmSync(folder, { recursive: true }))

async function named(lines: readonly string[], since = 0): Promise<readonly Row[]> {
  const file = join(folder, 'mail.log')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return rowsOf((await readLogs([file], { now: NOW, since })).senders)
}

const short = (rows: readonly Row[]) => rows.map(({ who, verdict }) => `${who} ${verdict}`)

for (const seed of [1, 2, 3, 4, 5, 6])
  test(`town ${seed}: a week of fifty innocent people, five of them with a mailing, names nobody`, async () => {
    assert.deepEqual(short(await named(postfixLines(townMail({ people: 50, days: 7, seed })))), [])
  })

for (const seed of [1, 2, 3])
  test(`town ${seed}: a stolen login, two messages an hour from ever new networks, is named within its first six`, async () => {
    const thief = thiefMail('person4@isp.example', TOWN_BEGINS + 5.97 * DAY, 6, seed)
    const all = [...townMail({ people: 50, days: 7, seed }), ...thief].toSorted(
      (a, b) => a.at - b.at,
    )
    const rows = await named(postfixLines(all))
    assert.deepEqual(
      rows.map(({ who }) => who),
      ['person4@isp.example'],
    )
    assert.deepEqual(
      (await named(postfixLines(thief))).map(({ who }) => who),
      ['person4@isp.example'],
    )
  })

test('a stolen login is named though all of its mail is taken', async () => {
  const thief = thiefMail('person4@isp.example', TOWN_BEGINS, 6).map(
    ({ at, login, address, to }) => ({
      at,
      login,
      address,
      to,
    }),
  )
  assert.deepEqual(short(await named(postfixLines(thief))), ['person4@isp.example worth a look'])
})

test('a bot with a bought list is certain, and the example lines are its own', async () => {
  const bot = Array.from({ length: 300 }, (_, i) => ({
    at: TOWN_BEGINS + 3 * DAY + i * 20_000,
    login: 'person9@isp.example',
    address: '198.18.3.4',
    to: [`v${i}@v${i % 250}.example`],
    ...(i % 3 === 0
      ? { bounced: { [`v${i}@v${i % 250}.example`]: i % 2 ? UNKNOWN : AS_SPAM } }
      : {}),
  }))
  const all = [...townMail({ people: 20, days: 4, seed: 9 }), ...bot].toSorted(
    (a, b) => a.at - b.at,
  )
  const [row, ...others] = await named(postfixLines(all))
  assert.deepEqual([row?.who, row?.verdict, others.length], ['person9@isp.example', 'certain', 0])
  assert.equal(row?.examples.length, 3)
  // What is older than asked for is learned from, and weighed no more.
  assert.deepEqual(short(await named(postfixLines(all), TOWN_BEGINS + 3.9 * DAY)), [])
})

test('strangers who write to people of ours are no senders of ours', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => [
    `2026-11-0${3 + (i % 5)}T10:00:00Z mx postfix/smtpd[1]: 4F${i + 10_000}: client=x.example[203.0.113.66]`,
    `2026-11-0${3 + (i % 5)}T10:00:01Z mx postfix/qmgr[1]: 4F${i + 10_000}: from=<x@evil.example>, size=1, nrcpt=1 (queue active)`,
    `2026-11-0${3 + (i % 5)}T10:00:02Z mx postfix/lmtp[1]: 4F${i + 10_000}: to=<p${i}@isp${i % 4}.example>, relay=mx[private/lmtp], delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (${AS_SPAM})`,
  ]).flat()
  assert.deepEqual(short(await named(lines)), [])
})

const rowOf = (name: string, kind = 'login'): Row =>
  ({ sender: { kind, name }, queueIds: ['4F1A2B3C4D', '$(reboot)', '-r'] }) as unknown as Row

test('names from a log command no shell, and are one key of a table or none', () => {
  const safe = adviceFor(rowOf('anna+b@isp.example'), ['postfix', 'dovecot']).join('\n')
  assert.match(safe, /^doveadm kick anna\+b@isp\.example$/m)
  assert.match(safe, /^printf '%s REJECT login is stopped\\n' anna\+b@isp\.example >> /m)
  assert.doesNotMatch(safe, /reboot| -r/)
  for (const name of ["a'; reboot #", 'ceo x', '#x', '-u root', '"a"', 'a:b', '$(reboot)', 'a\tb'])
    for (const mta of ['postfix', 'exim', 'sendmail', 'opensmtpd'] as const) {
      const advice = adviceFor(rowOf(name), [mta, 'dovecot'])
      assert.ok(
        advice.every(line => line.startsWith('# ') && !line.includes(name)),
        `${mta} ${name} ${advice.join('\n')}`,
      )
    }
})

test('a user and an address have no command of a login', () => {
  for (const kind of ['user', 'address'])
    assert.doesNotMatch(
      adviceFor(rowOf('33', kind), ['postfix']).join('\n'),
      /stopped_logins|password/,
    )
})
