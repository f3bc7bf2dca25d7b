// What the doctor says of mail while Cordon is away, and while Postfix is under stress.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlaceAnswer } from './postfix-asks.ts'
import { doorsOf } from './postfix-doors.ts'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import { whileObserving } from './postfix-while-observing.ts'
import { waysIn } from './postfix-ways-in.ts'

const PLACES = { policy: 'inet:127.0.0.1:10031', milter: 'inet:127.0.0.1:10032' }
const SMTP = 'smtp       inet  n       -       y       -       -       smtpd'
const postfix = (main: string, ...master: readonly string[]) => ({
  settings: settingsIn(main),
  services: servicesIn((master.length === 0 ? [SMTP] : master).join('\n')),
})
const door = async (answer: PlaceAnswer, ...lines: Parameters<typeof postfix>) => {
  const [way] = await doorsOf(postfix(...lines), PLACES, { ask: async () => answer })
  return way
}
const MILTER = `smtpd_milters = ${PLACES.milter}\n`
const policy = (place: string) => `smtpd_end_of_data_restrictions = check_policy_service ${place}\n`

test('mail goes unasked while Cordon is away: a note, whatever setting says so; a tempfail is none', async () => {
  const notes = async (...lines: Parameters<typeof postfix>) =>
    (await door({ said: 'something' }, ...lines))?.notes.slice(1) ?? []
  for (const main of [
    `${MILTER}milter_default_action = accept\n`,
    `smtpd_milters = { ${PLACES.milter}, connect_timeout=3s, default_action=accept }\n`,
    `${policy(PLACES.policy)}smtpd_policy_service_default_action = DUNNO\n`,
    policy(`{ ${PLACES.policy}, timeout=10s, default_action = dunno }`),
  ]) {
    const [note, ...more] = await notes(main)
    assert.match(note ?? '', /goes unasked.*default_action.*\((?:accept|DUNNO|dunno)\)/, main)
    assert.deepEqual(more, [])
  }
  assert.equal((await notes(MILTER, `${SMTP} -o milter_default_action=accept`)).length, 1)
  for (const main of [
    MILTER,
    `smtpd_milters = { ${PLACES.milter}, default_action=tempfail }\nmilter_default_action = accept\n`,
    `smtpd_milters = { inet:localhost:8891, default_action=accept }, ${PLACES.milter}\n`,
    policy(PLACES.policy),
    policy(`{ ${PLACES.policy}, default_action = { 451 4.3.5 Try again } }`),
    `${policy(PLACES.policy)}smtpd_policy_service_default_action = 451 4.3.5 Try again\n`,
  ])
    assert.deepEqual(await notes(main), [], main)
})

test('a default action that refuses, holds or deletes mail while Cordon is away is red, with what to write', async () => {
  const missing = async (...lines: Parameters<typeof postfix>) =>
    (await door({ said: 'something' }, ...lines))?.missing ?? []
  const setting = 'smtpd_policy_service_default_action'
  for (const [main, what, write] of [
    [`${MILTER}milter_default_action = reject\n`, /refused for good/, /^milter_default_action = t/],
    [`${MILTER}milter_default_action = quarantine\n`, /is held.*not released/, /= tempfail$/],
    [
      `smtpd_milters = { ${PLACES.milter}, default_action=reject }\n`,
      /refused for good/,
      /^default_action=tempfail in the braces/,
    ],
    [policy(`{ ${PLACES.policy}, default_action = { HOLD } }`), /is held/, /in the braces/],
    ...(['554 5.7.1 Away', '521', 'REJECT Away', 'reject'] as const).map(
      action =>
        [
          `${policy(PLACES.policy)}${setting} = ${action}\n`,
          /refused for good/,
          /^smtpd_policy_service_default_action = 451 /,
        ] as const,
    ),
    [`${policy(PLACES.policy)}${setting} = HOLD away\n`, /is held/, /= 451 /],
    [`${policy(PLACES.policy)}${setting} = DISCARD\n`, /deleted/, /= 451 /],
    [`${policy(PLACES.policy)}${setting} = REDIRECT a@b.example\n`, /sent elsewhere/, /= 451 /],
  ] as const) {
    const [one, ...more] = await missing(main)
    assert.match(one?.what ?? '', what, main)
    assert.match(one?.write ?? '', write, main)
    assert.deepEqual(more, [], main)
  }
  assert.equal((await missing(MILTER, `${SMTP} -o milter_default_action=reject`)).length, 1)
  for (const action of ['DEFER_IF_PERMIT', 'DEFER', 'defer_if_reject Later', '421', '450 4.7.1 x'])
    assert.deepEqual(await missing(`${policy(PLACES.policy)}${setting} = ${action}\n`), [], action)
  for (const action of ['tempfail', 'shutdown', 'accept'])
    assert.deepEqual(await missing(`${MILTER}milter_default_action = ${action}\n`), [], action)
})

test('a default action that marks mail and lets it go is told as one that lets it go', async () => {
  for (const action of [
    'PREPEND X-Away: yes',
    'WARN away',
    'INFO',
    'BCC a@b.example',
    'FILTER x:y',
  ])
    assert.match(
      (
        await door(
          { said: 'something' },
          `${policy(PLACES.policy)}smtpd_policy_service_default_action = ${action}\n`,
        )
      )?.notes[1] ?? '',
      /goes unasked/,
      action,
    )
})

test('a door that does not answer: what the braces say goes before main.cf', async () => {
  const main = `smtpd_milters = { ${PLACES.milter}, default_action=accept }\nmilter_default_action = tempfail\n`
  const way = await door({ silent: 'refused' }, main)
  assert.match(way?.missing[0]?.what ?? '', /default_action in braces says \(accept\)/)
  const plain = await door({ silent: 'refused' }, MILTER)
  assert.match(plain?.missing[0]?.what ?? '', /milter_default_action says \(tempfail\)/)
})

test('left out under stress: red, by either door, and not where it is asked all the same', () => {
  const missing = (...lines: Parameters<typeof postfix>) =>
    waysIn(postfix(...lines), PLACES)[0]?.missing.map(({ what }) => what) ?? []
  const left = ['under stress it is not asked about: its list names ${stress…}']
  assert.deepEqual(missing(`smtpd_milters = \${stress?{}:{${PLACES.milter}}}\n`), left)
  assert.deepEqual(missing(`smtpd_milters = \${stress:${PLACES.milter}}\n`), left)
  const check = `check_policy_service ${PLACES.policy}`
  const rcpt = `smtpd_recipient_restrictions = ${check}\n`
  const end = `smtpd_end_of_data_restrictions = \${stress?{}:{${check}}}\n`
  assert.deepEqual(missing(rcpt + end), left)
  assert.deepEqual(missing(`${MILTER}smtpd_timeout = \${stress?{10}:{300}}s\n`), [])
  const always = `\${stress?{${PLACES.milter}}:{${PLACES.milter}}}`
  assert.deepEqual(missing(`smtpd_milters = ${always}\n`), [])
})

test('while Cordon only observes mail must go on without it: the line is said, also before Postfix asks anything', () => {
  const said = (...lines: Parameters<typeof postfix>) =>
    whileObserving(postfix(...lines), { ...PLACES, observes: true }).flatMap(({ missing }) =>
      missing.map(({ write }) => write),
    )
  const accept = 'main.cf: milter_default_action = accept'
  assert.deepEqual(said(''), [accept])
  assert.deepEqual(said(`${MILTER}milter_default_action = tempfail\n`), [accept])
  assert.deepEqual(said(`${MILTER}milter_default_action = accept\n`), [])
  const braces = `smtpd_milters = { ${PLACES.milter}, default_action=tempfail }\n`
  assert.match(said(braces)[0] ?? '', /^default_action=accept in the braces/)
  assert.deepEqual(said(policy(PLACES.policy)), [
    'main.cf: smtpd_policy_service_default_action = DUNNO',
  ])
  assert.deepEqual(whileObserving(postfix(MILTER), PLACES), [])
})
