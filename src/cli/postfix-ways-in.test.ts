import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expanded, servicesIn, settingsIn } from './postfix-settings.ts'
import { type Way, waysIn } from './postfix-ways-in.ts'

const PLACES = { policy: 'inet:127.0.0.1:10031', milter: 'inet:127.0.0.1:10032' }
const CHECK = `check_policy_service ${PLACES.policy}`

/** As `postconf -M` prints it. */
const SMTP = 'smtp       inet  n       -       y       -       -       smtpd'
const PICKUP = 'pickup     unix  n       -       y       60      1       pickup'
const submission = (...overrides: readonly string[]) =>
  `submission inet n       -       y       -       -       smtpd -o syslog_name=postfix/submission ${overrides.map(one => `-o ${one}`).join(' ')}`
const DEBIAN = 'smtpd_recipient_restrictions=permit_sasl_authenticated,reject'

const looked = (main: string, ...master: readonly string[]): readonly Way[] =>
  waysIn({ settings: settingsIn(main), services: servicesIn(master.join('\n')) }, PLACES)
const brief = (ways: readonly Way[]) =>
  ways.map(({ service, asked, missing }) => [
    service,
    asked.join(),
    missing.map(({ what }) => what),
  ])

const BOTH = `smtpd_recipient_restrictions = ${CHECK}\nsmtpd_end_of_data_restrictions = ${CHECK}\n`

test('a block that overrides the restriction is not asked at RCPT; the line for it is said', () => {
  const [smtp, block] = looked(BOTH, SMTP, submission(DEBIAN))
  assert.deepEqual(smtp?.missing, [])
  assert.deepEqual(block?.missing, [
    {
      what: 'RCPT is not asked about',
      write: `master.cf, submission: -o smtpd_recipient_restrictions=check_policy_service,${PLACES.policy},permit_sasl_authenticated,reject`,
    },
  ])
  const page = 'smtpd_recipient_restrictions=$mua_recipient_restrictions'
  const mua = `mua_recipient_restrictions = ${CHECK}, permit_sasl_authenticated, reject\n`
  assert.deepEqual(brief(looked(BOTH + mua, submission(page))), [
    ['submission', 'policy service', []],
  ])
})

test('behind a permit it is not asked about all clients; in front of it, and in braces, it is', () => {
  const at = (list: string) =>
    brief(
      looked(
        `smtpd_recipient_restrictions = ${list}\nsmtpd_end_of_data_restrictions = ${CHECK}\n`,
        SMTP,
      ),
    )[0]?.[2]
  for (const first of ['permit_mynetworks', 'permit_sasl_authenticated', 'permit', 'reject'])
    assert.deepEqual(at(`${first}, ${CHECK}`), ['RCPT is not asked about'], first)
  assert.deepEqual(at(`reject_unauth_destination, ${CHECK}, permit_mynetworks`), [])
  assert.deepEqual(at(`check_policy_service { ${PLACES.policy}, timeout=10s }`), [])
  assert.deepEqual(at('check_policy_service inet:127.0.0.1:12345'), ['RCPT is not asked about'])
})

test('the end is not asked about: nothing would be counted', () => {
  assert.deepEqual(brief(looked(`smtpd_recipient_restrictions = ${CHECK}\n`, SMTP)), [
    ['smtp', 'policy service', ['END-OF-MESSAGE is not asked about: nothing is counted']],
  ])
  const off = 'smtpd_end_of_data_restrictions='
  const [way] = looked(BOTH, submission(off))
  assert.match(way?.missing[0]?.write ?? '', /^master\.cf, submission: -o smtpd_end_of_data/)
})

test('a milter: blocks without it, sendmail, which milter sees mail first, and both ways at once', () => {
  const milter = `smtpd_milters = inet:localhost:8891, ${PLACES.milter}\n`
  const ways = looked(milter, SMTP, submission('smtpd_milters='), PICKUP)
  assert.deepEqual(brief(ways), [
    ['smtp', 'milter', []],
    ['submission', '', ['it is not asked about']],
    ['pickup', '', ['what local programs hand in by sendmail is not asked about']],
  ])
  assert.match(ways[0]?.notes[0] ?? '', /^inet:localhost:8891 sees mail first/)
  const all = `${milter}non_smtpd_milters = $smtpd_milters\n`
  assert.deepEqual(brief(looked(all, PICKUP)), [['pickup', 'milter', []]])
  const twice = brief(looked(milter + BOTH, SMTP))[0]?.[2]
  assert.deepEqual(twice, [
    'it is asked about by the milter and by the policy service: mail counts twice',
  ])
})

test('what a content filter gives back is not asked about, and need not be', () => {
  const back =
    '127.0.0.1:10025 inet n - n - - smtpd -o smtpd_milters= -o {smtpd_relay_restrictions=permit_mynetworks, reject}'
  const [way] = looked(`smtpd_milters = ${PLACES.milter}\n`, back)
  assert.deepEqual([way?.missing, way?.notes.length], [[], 1])
})

test('nothing asks us at all', () => {
  const [smtp] = looked('', SMTP)
  assert.deepEqual(smtp?.missing, [
    { what: 'it is not asked about', write: `main.cf: smtpd_milters = ${PLACES.milter}` },
  ])
  assert.deepEqual(looked('', 'garbage', ''), [])
})

test('settings that name each other in a circle end', () => {
  const known = (name: string) => ({ a: '$b', b: '${a} x', c: '$(d)', d: 'y' })[name] ?? ''
  assert.ok(expanded('$a', known).length < 200)
  assert.equal(expanded('$c', known), 'y')
})
