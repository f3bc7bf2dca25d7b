// A filter before the queue: smtpd has no queue file, so nothing that it asks about can be held.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import { waysIn } from './postfix-ways-in.ts'

const PLACES = { policy: 'inet:127.0.0.1:10031', milter: 'inet:127.0.0.1:10032' }
const CHECK = `check_policy_service ${PLACES.policy}`
const POLICY = `smtpd_recipient_restrictions = ${CHECK}\nsmtpd_end_of_data_restrictions = ${CHECK}\n`
const MILTER = `smtpd_milters = ${PLACES.milter}\n`
const SMTP = 'smtp       inet  n       -       y       -       -       smtpd'
const PROXY = 'smtpd_proxy_filter=127.0.0.1:10024'
const submission = (override = 'syslog_name=x') =>
  `submission inet n       -       y       -       -       smtpd -o ${override}`
const back = (...more: readonly string[]) =>
  `127.0.0.1:10025 inet n - n - - smtpd ${['smtpd_proxy_filter=', 'smtpd_milters=', ...more].map(one => `-o ${one}`).join(' ')}`

const looked = (main: string, ...master: readonly string[]) =>
  waysIn({ settings: settingsIn(main), services: servicesIn(master.join('\n')) }, PLACES)

test('a proxy filter behind the check, by either door: red, where it is written, and not elsewhere', () => {
  for (const main of [MILTER, POLICY]) {
    const [smtp, ours] = looked(main, SMTP, submission(PROXY))
    assert.deepEqual(smtp?.missing, [])
    assert.equal(ours?.missing.length, 1, main)
    assert.match(ours?.missing[0]?.what ?? '', /nothing is held/)
    assert.match(ours?.missing[0]?.write ?? '', /^master\.cf, submission: .*content_filter/)
    const all = looked(`${main}smtpd_proxy_filter = 127.0.0.1:10024\n`, SMTP, submission())
    for (const { missing } of all) assert.match(missing[0]?.write ?? '', /^main\.cf: /)
  }
})

test('behind the filter Cordon is asked: the smtpd in front of it need not ask', () => {
  const asks = `{ smtpd_milters = ${PLACES.milter} }`
  const xclient = 'smtpd_authorized_xclient_hosts=127.0.0.0/8'
  const [front, behind] = looked('', submission(PROXY), back(asks, xclient))
  assert.deepEqual([front?.missing, behind?.missing], [[], []])
  assert.match(front?.notes[0] ?? '', /127\.0\.0\.1:10025.*XCLIENT/)
  assert.deepEqual(behind?.asked, ['milter'])
  const [unsaid] = looked('', submission(PROXY), back(asks))
  assert.equal(unsaid?.missing.length, 1, 'every client is the filter there, without a login')
  const both = looked(MILTER, submission(PROXY), back(asks, xclient))[0]
  assert.match(both?.missing[0]?.what ?? '', /nothing is held/)
})

test('asked in neither place: red, without a line that would hold nothing', () => {
  const [front, behind] = looked('', submission(PROXY), back())
  assert.equal(front?.missing.length, 1)
  assert.match(front?.missing[0]?.what ?? '', /^it is not asked about/)
  assert.match(front?.missing[0]?.write ?? '', /content_filter/)
  assert.doesNotMatch(front?.missing[0]?.write ?? '', /smtpd_milters = /)
  assert.deepEqual(behind?.missing, [], 'what the filter gives back')
})
