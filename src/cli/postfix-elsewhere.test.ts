// What the doctor says where Postfix names another place than Cordon's, and which lines it prints: those of the doors that cordon.yaml has.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { doorsOf } from './postfix-doors.ts'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import { waysIn } from './postfix-ways-in.ts'

const POLICY = 'inet:127.0.0.1:10031'
const MILTER = 'inet:127.0.0.1:10032'
const SMTP = 'smtp inet n - y - - smtpd'
const PICKUP = 'pickup unix n - y 60 1 pickup'
const ONLY_POLICY = { policy: POLICY, milter: undefined }
const ONLY_MILTER = { policy: undefined, milter: MILTER }
const NEITHER = { policy: undefined, milter: undefined }
const check = (place: string) =>
  `smtpd_recipient_restrictions = check_policy_service ${place}\nsmtpd_end_of_data_restrictions = check_policy_service ${place}\n`
const postfix = (main: string, ...master: readonly string[]) => ({
  settings: settingsIn(main),
  services: servicesIn((master.length === 0 ? [SMTP] : master).join('\n')),
})

/** A port of loopback where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

test('the lines are those of the door that this Cordon has, and no other door is named', () => {
  const lines = (main: string, places: typeof ONLY_POLICY | typeof ONLY_MILTER | typeof NEITHER) =>
    waysIn(postfix(main), places)
      .flatMap(({ missing, notes }) => [...missing.map(({ write }) => write), ...notes])
      .join('\n')
  for (const main of ['', check('inet:127.0.0.1:10040'), `smtpd_milters = ${MILTER}\n`]) {
    const policy = lines(main, ONLY_POLICY)
    assert.match(policy, /smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10031/)
    assert.match(
      policy,
      /smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:1003/,
    )
    assert.doesNotMatch(policy, /milter/, main)
  }
  for (const main of ['', check(POLICY)])
    assert.equal(lines(main, ONLY_MILTER), `main.cf: smtpd_milters = ${MILTER}`, main)
  assert.match(lines('', NEITHER), /^cordon\.yaml has no door for a Postfix/)
})

test('a place near by where nothing listens is named, with the place of Cordon', async () => {
  const place = `inet:127.0.0.1:${await closedPort()}`
  const [door, ...more] = await doorsOf(postfix(check(place)), ONLY_POLICY)
  assert.deepEqual([door?.service, door?.state], [`policy service at ${place}`, 'does not answer'])
  const { what, write } = door?.missing[0] ?? { what: '', write: '' }
  assert.match(what, /ECONNREFUSED.*, and Cordon's is at inet:127\.0\.0\.1:10031: .*default_action/)
  assert.match(write, /^write inet:127\.0\.0\.1:10031 in its place/)
  assert.deepEqual(more, [])
  const [milter] = await doorsOf(postfix(`smtpd_milters = ${place}\n`), ONLY_POLICY)
  assert.equal(milter?.service, `milter at ${place}`)
  assert.match(milter?.missing[0]?.what ?? '', /this Cordon has no milter/)
  assert.match(milter?.missing[0]?.write ?? '', /^take it out/)
  const socket = 'smtpd_milters = unix:/no/such/socket\n'
  assert.match((await doorsOf(postfix(socket), NEITHER))[0]?.missing[0]?.what ?? '', /ENOENT/)
})

test('others that answer, machines elsewhere, and tables are left alone', async t => {
  const server = createServer(socket => socket.end('what is it?\n'))
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  for (const main of [
    `smtpd_milters = inet:127.0.0.1:${port}, inet:filter.example:8891\n`,
    check(`{ inet:127.0.0.1:${port}, timeout=5s }`),
    check('inet:192.0.2.9:10040'),
    'smtpd_sender_restrictions = check_sender_access unix:passwd.byname\n',
  ])
    assert.deepEqual(await doorsOf(postfix(main), ONLY_POLICY), [], main)
  const [named] = await doorsOf(postfix(check('inet:127.0.0.1:cordon')), ONLY_POLICY)
  assert.deepEqual(
    [named?.missing, named?.notes],
    [[], ['not looked at: write the number of its port']],
  )
})

test('programs that hand mail in are not asked about by a milter that cordon.yaml has and Postfix does not name', () => {
  const pickup = (places: typeof ONLY_POLICY | typeof ONLY_MILTER) =>
    waysIn(postfix('non_smtpd_milters = inet:127.0.0.1:10040\n', PICKUP), places)[0]
  assert.match(pickup(ONLY_MILTER)?.missing[0]?.what ?? '', /is not asked about/)
  assert.deepEqual(pickup(ONLY_POLICY)?.missing, [])
})
