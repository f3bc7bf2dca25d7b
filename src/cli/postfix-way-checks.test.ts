// What the doctor says of a way in beside whether it is asked about.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import type { Places } from './postfix-way.ts'
import { waysIn } from './postfix-ways-in.ts'

type OwnNetworks = NonNullable<Places['own']>
const PLACES = { policy: 'inet:127.0.0.1:10031', milter: 'inet:127.0.0.1:10032' }
const CHECK = `check_policy_service ${PLACES.policy}`
const MILTER = `smtpd_milters = ${PLACES.milter}\n`
const END = `smtpd_end_of_data_restrictions = ${CHECK}\n`
const FILTER = 'content_filter = smtp-amavis:[127.0.0.1]:10024\n'
const BACK = '127.0.0.1:10025 inet n - n - - smtpd -o content_filter='
const way = (main: string, master = 'smtp inet n - y - - smtpd') =>
  waysIn({ settings: settingsIn(main), services: servicesIn(master) }, PLACES)[0]

test('a milter that is listed twice counts mail twice, however it is written', () => {
  for (const other of [PLACES.milter, 'inet:localhost:10032', '{ inet:127.0.0.1:10032, x=y }']) {
    const [one, ...more] = way(`smtpd_milters = ${PLACES.milter}, ${other}\n`)?.missing ?? []
    assert.match(one?.what ?? '', /names Cordon 2 times/, other)
    assert.equal(one?.write, 'main.cf: name it once in smtpd_milters')
    assert.deepEqual(more, [])
  }
  assert.deepEqual(way(`smtpd_milters = ${PLACES.milter}, inet:localhost:8891\n`)?.missing, [])
  const block = `submission inet n - y - - smtpd -o smtpd_milters=${PLACES.milter},${PLACES.milter}`
  assert.match(way('', block)?.missing[0]?.write ?? '', /^master\.cf, submission: /)
})

test('a table in front of the check may permit: a note; one behind it is none', () => {
  const notes = (list: string) =>
    way(`smtpd_recipient_restrictions = ${list}\n${END}`)?.notes.join('\n') ?? ''
  const table = 'check_client_access cidr:/etc/postfix/white'
  assert.match(
    notes(`reject_unauth_destination, ${table}, ${CHECK}`),
    /^check_client_access cidr:\/etc\/postfix\/white stands in front of the check in smtpd_recipient/,
  )
  assert.equal(notes(`${CHECK}, ${table}`), '')
  assert.equal(notes(`check_policy_service inet:127.0.0.1:10023, ${CHECK}`), '')
  assert.match(
    way(`smtpd_recipient_restrictions = ${CHECK}\n${END.replace('= ', `= ${table}, `)}`)
      ?.notes[0] ?? '',
    /in smtpd_end_of_data_restrictions/,
  )
})

test('a block of loopback with logins is a way in, also where a content filter gives mail back', () => {
  const block = '127.0.0.1:587 inet n - n - - smtpd -o smtpd_milters= -o smtpd_sasl_auth_enable='
  assert.match(way(MILTER + FILTER, `${block}yes`)?.missing[0]?.what ?? '', /is not asked about/)
  assert.deepEqual(way(MILTER + FILTER, `${block}no`)?.missing, [])
})

test('what a content filter gives back, and is asked about again: a note', () => {
  const again = /gives back is asked about again/
  const behind = (main: string, master: string) =>
    waysIn(
      {
        settings: settingsIn(main),
        services: servicesIn(`${master}\nsmtp inet n - y - - smtpd`),
      },
      PLACES,
    )[0]?.notes.join() ?? ''
  assert.match(behind(MILTER + FILTER, BACK), again)
  for (const [main, master] of [
    [MILTER, BACK],
    [MILTER + FILTER, `${BACK} -o smtpd_milters=`],
    [MILTER + FILTER, BACK.replace('127.0.0.1', '192.0.2.1')],
    [MILTER + FILTER, `${BACK} -o smtpd_authorized_xclient_hosts=127.0.0.0/8`],
    [MILTER + FILTER, '127.0.0.1:587 inet n - n - - smtpd'],
  ] as const)
    assert.doesNotMatch(behind(main, master), again, master)
})

test('a network that may send without a login, and is a stranger to Cordon, is missing; a table is a note', () => {
  const own: OwnNetworks = { milter: ['192.0.2.0/28', '2001:db8::/32'], policyService: undefined }
  const found = (
    networks: string,
    master = 'smtp inet n - y - - smtpd',
    ours: OwnNetworks = own,
  ) => {
    const [one] = waysIn(
      {
        settings: settingsIn(`${MILTER}mynetworks = ${networks}\n`),
        services: servicesIn(master),
      },
      { ...PLACES, own: ours },
    )
    return [
      ...(one?.missing ?? []).map(({ what, write }) => `${what} ${write}`),
      ...(one?.notes ?? []),
    ].join()
  }
  for (const fine of [
    '127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128',
    '127.0.0.1',
    '192.0.2.0/28, 192.0.2.3, [2001:db8:5::]/48',
  ])
    assert.equal(found(fine), '', fine)
  assert.equal(
    found('192.0.2.0/24 [2001:db9::]/32 192.0.2.1'),
    '192.0.2.0/24, 2001:db9::/32 may send without a login (mynetworks), and to Cordon these are strangers cordon.yaml, milter: mynetworks: [192.0.2.0/24, "2001:db9::/32"]; or take them out of mynetworks',
  )
  assert.match(
    found('cidr:/etc/postfix/ours'),
    /^mynetworks has cidr:\/etc\/postfix\/ours, which is not read/,
  )
  const wide = '198.51.100.0/24'
  assert.equal(found(wide, 'submission inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes'), '')
  assert.equal(found(wide, '127.0.0.1:10025 inet n - y - - smtpd'), '')
  assert.equal(found(wide, undefined, { milter: undefined, policyService: undefined }), '')
})
