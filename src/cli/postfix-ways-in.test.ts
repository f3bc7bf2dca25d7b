import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doorsOf } from './postfix-doors.ts'
import { expanded, servicesIn, settingsIn } from './postfix-settings.ts'
import type { Way } from './postfix-way.ts'
import { waysIn } from './postfix-ways-in.ts'

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
      write: `main.cf: mua_recipient_restrictions = ${CHECK}, permit_sasl_authenticated, reject; master.cf, submission: -o smtpd_recipient_restrictions=$mua_recipient_restrictions`,
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
  for (const first of [
    'permit_mynetworks',
    'permit_sasl_authenticated',
    'permit_auth_destination',
    'permit_tls_clientcerts',
    'permit_tls_all_clientcerts',
    'permit_inet_interfaces',
    'permit_mx_backup',
    'permit_dnswl_client list.dnswl.example',
    'permit_naked_ip_address',
    'PERMIT_MYNETWORKS',
    'permit',
    'reject',
    'defer',
    'defer_if_permit, permit',
    'a_word_of_a_later_postfix',
  ])
    assert.deepEqual(at(`${first}, ${CHECK}`), ['RCPT is not asked about'], first)
  for (const first of [
    'reject_unauth_destination',
    'reject_rbl_client zen.dnsbl.example=127.0.0.[2..11]',
    'reject_rhsbl_sender dbl.dnsbl.example',
    'check_client_access hash:/etc/postfix/clients',
    'check_sender_access { inline: { a.example = REJECT } }',
    'check_policy_service unix:private/policyd-spf',
    'check_policy_service { inet:127.0.0.1:10023, timeout = 5s, default_action = DUNNO }',
    'warn_if_reject reject_unknown_client_hostname',
    'defer_unauth_destination',
    'sleep 1, reject_unauth_pipelining',
  ])
    assert.deepEqual(at(`${first}, ${CHECK}`), [], first)
  assert.deepEqual(at(`reject_unauth_destination, ${CHECK}, permit_mynetworks`), [])
  assert.deepEqual(at(`check_policy_service { ${PLACES.policy}, timeout=10s }`), [])
  assert.deepEqual(at('check_policy_service inet:127.0.0.1:12345'), ['RCPT is not asked about'])
})

test('a restriction class stands for what is in it', () => {
  const [permits, rejects, asks] = ['permit_mynetworks', 'reject_unlisted_recipient', CHECK]
  const at = (list: string, of: string) =>
    brief(
      looked(
        `smtpd_restriction_classes = mine, other\nmine = ${of}\nother = mine\nsmtpd_recipient_restrictions = ${list}\nsmtpd_end_of_data_restrictions = ${CHECK}\n`,
        SMTP,
      ),
    )[0]?.[2]
  assert.deepEqual(at(`mine, ${CHECK}`, permits), ['RCPT is not asked about'])
  assert.deepEqual(at(`other, ${CHECK}`, permits), ['RCPT is not asked about'])
  assert.deepEqual(at(`mine, ${CHECK}`, rejects), [])
  assert.deepEqual(at('other', asks), [])
  assert.deepEqual(at(`mine, ${CHECK}`, 'other'), ['RCPT is not asked about'], 'in a circle')
})

test('a setting is read by its name in braces, in round brackets and without', () => {
  const mua = `mua_recipient_restrictions = ${CHECK}, permit_sasl_authenticated, reject\nmilt = ${PLACES.milter}\n`
  for (const name of ['${mua_recipient_restrictions}', '$(mua_recipient_restrictions)'])
    assert.deepEqual(
      brief(looked(BOTH + mua, submission(`smtpd_recipient_restrictions=${name}`, 'a=b'))),
      [['submission', 'policy service', []]],
      name,
    )
  for (const name of ['${milt}', '$(milt)', '$milt'])
    assert.deepEqual(
      brief(looked(mua, submission(`smtpd_milters=${name}`, 'a=b'))),
      [['submission', 'milter', []]],
      name,
    )
  assert.deepEqual(brief(looked(mua, submission('{ smtpd_milters = ${milt} }', 'a=b'))), [
    ['submission', 'milter', []],
  ])
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

test('a cleanup that takes the milter out is seen, and a check that only warns is none', () => {
  const cleanup = (override: string) =>
    `cleanup unix n - y - 0 cleanup ${override === '' ? '' : `-o ${override}`}`
  const all = `smtpd_milters = ${PLACES.milter}\nnon_smtpd_milters = $smtpd_milters\n`
  assert.deepEqual(brief(looked(all, PICKUP, cleanup(''))), [['pickup', 'milter', []]])
  const [way] = looked(all, PICKUP, cleanup('non_smtpd_milters='))
  assert.deepEqual(way?.asked, [])
  assert.match(way?.missing[0]?.write ?? '', /^master\.cf, cleanup: take .*non_smtpd_milters/)
  const warns = BOTH.replace(CHECK, `warn_if_reject ${CHECK}`)
  assert.deepEqual(brief(looked(warns, SMTP))[0]?.[2], ['RCPT is not asked about'])
})

test('what a content filter gives back is not asked about, and need not be; without a filter it is a way in', () => {
  const back =
    '127.0.0.1:10025 inet n - n - - smtpd -o smtpd_milters= -o {smtpd_relay_restrictions=permit_mynetworks, reject}'
  const milter = `smtpd_milters = ${PLACES.milter}\n`
  const [way] = looked(`${milter}content_filter = smtp-amavis:[127.0.0.1]:10024\n`, back)
  assert.deepEqual([way?.missing, way?.notes.length], [[], 1])
  const proxied = submission('smtpd_proxy_filter=127.0.0.1:10024')
  assert.deepEqual(looked(milter, back, proxied)[0]?.missing, [])
  assert.deepEqual(brief(looked(milter, back)), [
    ['127.0.0.1:10025', '', ['it is not asked about']],
  ])
})

test('a milter that is listed and taken out again, by an option or for some clients', () => {
  const milter = `smtpd_milters = ${PLACES.milter}\nnon_smtpd_milters = $smtpd_milters\n`
  const out = 'receive_override_options=no_address_mappings,no_milters'
  const none = 'it is not asked about: receive_override_options has no_milters'
  const ways = looked(milter, SMTP, submission(out), PICKUP)
  assert.deepEqual(brief(ways), [
    ['smtp', 'milter', []],
    ['submission', '', [none]],
    ['pickup', 'milter', []],
  ])
  assert.match(ways[1]?.missing[0]?.write ?? '', /^master\.cf, submission: take no_milters out/)
  const all = looked(`${milter}receive_override_options = no_milters\n`, SMTP, PICKUP)
  assert.deepEqual(brief(all), [
    ['smtp', '', [none]],
    ['pickup', '', [none]],
  ])
  assert.match(all[0]?.missing[0]?.write ?? '', /^main\.cf: take no_milters out/)
  const [mapped] = looked(`${milter}smtpd_milter_maps = cidr:/etc/postfix/milters\n`, SMTP)
  assert.deepEqual(mapped?.asked, ['milter'])
  assert.match(mapped?.missing[0]?.what ?? '', /^smtpd_milter_maps names other milters/)
})

test('localhost is 127.0.0.1 and ::1, and a socket is the same seen from the queue and from a chroot', () => {
  const lists = (written: string, milter: string) =>
    brief(
      waysIn(
        { settings: settingsIn(`smtpd_milters = ${written}\n`), services: servicesIn(SMTP) },
        { policy: undefined, milter },
      ),
    )[0]?.[1]
  assert.equal(lists('inet:localhost:10032', PLACES.milter), 'milter')
  assert.equal(lists('inet:[::1]:10032', 'inet:localhost:10032'), 'milter')
  assert.equal(lists('inet:127.0.0.1:10032', 'inet:0.0.0.0:10032'), 'milter')
  assert.equal(lists('inet:localhost:10033', PLACES.milter), '')
  const socket = 'unix:/var/spool/postfix/cordon/milter'
  assert.equal(lists('unix:cordon/milter', socket), 'milter')
  assert.equal(lists('unix:/cordon/milter', socket), 'milter')
  assert.equal(lists('unix:/run/cordon/milter', socket), '')
})

test('each door is named once, as Postfix writes it, and what Postfix does without it is said', async () => {
  const postfix = {
    settings: settingsIn(
      `${BOTH}smtpd_milters = inet:localhost:10032\nnon_smtpd_milters = $smtpd_milters\nmilter_default_action = accept\n`,
    ),
    services: servicesIn([SMTP, submission(), PICKUP].join('\n')),
  }
  const asked: string[] = []
  const ways = await doorsOf(postfix, PLACES, {
    ask: async (protocol, places) => {
      asked.push(`${protocol} ${places.length}`)
      return protocol === 'milter' ? { silent: 'refused' } : { said: 'action=DUNNO' }
    },
  })
  assert.deepEqual(asked.toSorted(), ['milter 2', 'policy service 1'])
  const [policy, milter] = ways.toSorted((a, b) => (a.service < b.service ? 1 : -1))
  assert.deepEqual([policy?.state, policy?.missing], ['answers', []])
  assert.equal(milter?.service, 'milter at inet:localhost:10032')
  assert.match(milter?.missing[0]?.what ?? '', /milter_default_action says \(accept\)/)
})

test('nothing asks us at all', () => {
  const [smtp] = looked('', SMTP)
  assert.deepEqual(smtp?.missing, [
    { what: 'it is not asked about', write: `main.cf: smtpd_milters = ${PLACES.milter}` },
  ])
  assert.deepEqual(looked('', 'garbage', ''), [])
})

test('a setting that stands for one of two: as Postfix reads it', () => {
  const found = (value: string, on: string) => {
    const of = { value, on }
    return expanded('$value', name => of[name as 'value' | 'on'] ?? '')
  }
  for (const [value, with_, without] of [
    ['${on?yes}', 'yes', ''],
    ['${on:no}', '', 'no'],
    ['${on?{yes}:{no}}', 'yes', 'no'],
    ['${on ? {a ${on} b} : {no}}', 'a 1 b', 'no'],
    ['a${on?{yes}}b$$', 'ayesb$$', 'ab$$'],
    ['${on', '${on', '${on'],
  ] as const) {
    assert.equal(found(value, '1'), with_, value)
    assert.equal(found(value, ''), without, value)
  }
  const milters = `smtpd_milters = \${use?{${PLACES.milter}}}\n`
  assert.deepEqual(looked(milters, SMTP)[0]?.asked, [])
  assert.deepEqual(looked(`${milters}use = yes\n`, SMTP)[0]?.asked, ['milter'])
  assert.deepEqual(looked(milters, `${SMTP} -o use=yes`)[0]?.asked, ['milter'])
})

test('asked at CONNECT, and not at RCPT, without smtpd_delay_reject', () => {
  const main = `smtpd_client_restrictions = ${CHECK}\nsmtpd_end_of_data_restrictions = ${CHECK}\n`
  assert.deepEqual(brief(looked(main, SMTP))[0]?.[2], [])
  for (const no of ['no', 'No'])
    assert.deepEqual(brief(looked(`${main}smtpd_delay_reject = ${no}\n`, SMTP))[0]?.[2], [
      'RCPT is not asked about',
    ])
})

test('what comes in beside SMTP: the cleanup that it goes to is looked at, and QMQP is such a way, too', () => {
  const main = `smtpd_milters = ${PLACES.milter}\nnon_smtpd_milters = $smtpd_milters\n`
  const CLEANUP = 'cleanup    unix  n       -       y       -       0       cleanup'
  const second = `pre-${CLEANUP} -o non_smtpd_milters=`
  const asked = (...master: readonly string[]) =>
    looked(main, ...master).map(({ service, asked: by }) => [service, by.join()])
  const other = `${PICKUP} -o cleanup_service_name=pre-cleanup`
  assert.deepEqual(asked(other, CLEANUP, second), [['pickup', '']])
  assert.deepEqual(asked(PICKUP, CLEANUP, second), [['pickup', 'milter']])
  const qmqp = 'qmqp       inet  n       -       n       -       -       qmqpd'
  assert.deepEqual(asked(qmqp, CLEANUP), [['qmqp', 'milter']])
  assert.match(looked(BOTH, qmqp)[0]?.notes[0] ?? '', /by a milter only/)
})

test('macros without the login, where a milter cannot ask for its own', () => {
  const milter = `smtpd_milters = ${PLACES.milter}\n`
  const short = 'milter_mail_macros = i {mail_addr} {mail_host}\n'
  const missing = (main: string) => looked(main, SMTP)[0]?.missing.length
  assert.equal(missing(milter + short), 0, 'Cordon asks for the login')
  assert.equal(missing(`${milter}${short}milter_protocol = 6\n`), 0)
  assert.equal(missing(`${milter}milter_protocol = 4\n`), 0)
  assert.equal(missing(`${milter}milter_protocol = 4\nmilter_mail_macros = {auth_authen}\n`), 0)
  assert.equal(missing(`${milter}${short}milter_protocol = 4\n`), 1)
})

test('settings that name each other in a circle end', () => {
  const known = (name: string) => ({ a: '$b', b: '${a} x', c: '$(d)', d: 'y' })[name] ?? ''
  assert.ok(expanded('$a', known).length < 200)
  assert.equal(expanded('$c', known), 'y')
})
