// Doors on Unix sockets, with and without a chroot, and addresses that inet_protocols leaves out: real sockets in a queue folder of the test.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { asRoot } from '../../test/support/as-root.ts'
import { refusedToUser } from './opens-as.ts'
import { doorsOf } from './postfix-doors.ts'
import { servicesIn, settingsIn } from './postfix-settings.ts'
import { waysIn } from './postfix-ways-in.ts'

const smtpd = (chroot: string) => `smtp inet n - ${chroot} - - smtpd`

/** A queue, a folder beside it, and a policy service at each of these sockets. */
async function queue(t: TestContext, ...sockets: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-chroot-'))
  t.after(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  for (const name of ['queue', 'queue/cordon', 'run']) mkdirSync(join(folder, name))
  for (const name of sockets) {
    const answer = (socket: Socket) => socket.on('data', () => socket.end('action=DUNNO\n\n'))
    const server = createServer(answer).listen(join(folder, name))
    t.after(() => server.close())
    await once(server, 'listening')
    chmodSync(join(folder, name), 0o666)
  }
  return folder
}
const postfix = (folder: string, written: string, ...master: readonly string[]) => ({
  settings: settingsIn(
    `queue_directory = ${folder}/queue\nsmtpd_end_of_data_restrictions = check_policy_service ${written}\n`,
  ),
  services: servicesIn(master.join('\n')),
})
const at = (socket: string) => ({ policy: `unix:${socket}`, milter: undefined })

test('in a chroot a socket outside of the queue is not there: red, and what to write', async t => {
  const folder = await queue(t, 'run/c.sock')
  const socket = join(folder, 'run/c.sock')
  const doors = (...master: readonly string[]) =>
    doorsOf(postfix(folder, `unix:${socket}`, ...master), at(socket))
  const [free] = await doors(smtpd('n'))
  assert.deepEqual([free?.state, free?.missing], ['answers', []])
  const [caged, ...more] = await doors(smtpd('y'))
  assert.deepEqual([caged?.state, more], ['does not answer', []])
  const { what, write } = caged?.missing[0] ?? { what: '', write: '' }
  assert.ok(what.includes(`${folder}/queue as its root`), what)
  assert.ok(write.includes(`policyService.socket: ${folder}/queue/cordon/policyService.sock`))
  assert.match(write, /inet:127\.0\.0\.1:PORT/)
  const both = await doors(smtpd('n'), `submission inet n - y - - smtpd`)
  assert.deepEqual(
    both.map(({ state }) => state),
    ['answers', 'does not answer'],
  )
})

test('chroot -: as the compatibility level has it', async t => {
  const folder = await queue(t, 'run/c.sock')
  const socket = join(folder, 'run/c.sock')
  const state = async (level: string) => {
    const { settings, services } = postfix(folder, `unix:${socket}`, smtpd('-'))
    const levelled = new Map([...settings, ['compatibility_level', level]])
    return (await doorsOf({ settings: levelled, services }, at(socket)))[0]?.state
  }
  assert.equal(await state('3.6'), 'answers')
  assert.equal(await state('0'), 'does not answer')
})

test('a socket in the queue is found with and without a chroot, and the line that is printed is good for both', async t => {
  const folder = await queue(t, 'queue/cordon/c.sock')
  const socket = join(folder, 'queue/cordon/c.sock')
  for (const chroot of ['y', 'n']) {
    const [door] = await doorsOf(postfix(folder, 'unix:cordon/c.sock', smtpd(chroot)), at(socket))
    assert.deepEqual([door?.state, door?.missing], ['answers', []], chroot)
  }
  const [way] = waysIn(postfix(folder, '', smtpd('y')), at(socket))
  assert.match(way?.missing[0]?.write ?? '', /check_policy_service unix:cordon\/c\.sock/)
})

test('the milter of what programs hand in is asked by cleanup, with the chroot of cleanup', async t => {
  const folder = await queue(t, 'run/c.sock')
  const socket = join(folder, 'run/c.sock')
  const doors = (chroot: string) =>
    doorsOf(
      {
        settings: settingsIn(
          `queue_directory = ${folder}/queue\nnon_smtpd_milters = unix:${socket}\n`,
        ),
        services: servicesIn(
          `pickup unix n - n 60 1 pickup\ncleanup unix n - ${chroot} - 0 cleanup`,
        ),
      },
      { policy: undefined, milter: `unix:${socket}` },
    )
  assert.match((await doors('y'))[0]?.missing[0]?.what ?? '', /ENOENT.*as its root/)
  assert.doesNotMatch((await doors('n'))[0]?.missing[0]?.what ?? '', /as its root/)
})

test(
  "a folder that Postfix's user may not enter: red, though root is answered",
  asRoot,
  async t => {
    const folder = await queue(t, 'run/c.sock')
    const socket = join(folder, 'run/c.sock')
    const found = async () => {
      const { settings, services } = postfix(folder, `unix:${socket}`, smtpd('n'))
      const owned = new Map([...settings, ['mail_owner', 'nobody']])
      const asks = { refused: refusedToUser }
      return (await doorsOf({ settings: owned, services }, at(socket), asks))[0]
    }
    assert.equal((await found())?.state, 'answers')
    chmodSync(join(folder, 'run'), 0o700)
    const refused = await found()
    assert.equal(refused?.state, 'does not answer')
    assert.match(
      refused?.missing[0]?.what ?? '',
      /not to nobody, as whom Postfix asks \(EACCES; .*0666/,
    )
    assert.equal(refusedToUser(socket, 'no-such-user-here'), undefined)
  },
)

test('an address that inet_protocols leaves out is not connected to', async t => {
  const server = createServer(socket => socket.on('data', () => socket.end('action=DUNNO\n\n')))
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const place = `inet:127.0.0.1:${(server.address() as { port: number }).port}`
  const door = async (protocols: string) => {
    const { settings, services } = postfix('/none', place, smtpd('y'))
    const spoken = new Map([...settings, ['inet_protocols', protocols]])
    return (await doorsOf({ settings: spoken, services }, { policy: place, milter: undefined }))[0]
  }
  for (const protocols of ['all', 'ipv4', 'ipv4, ipv6', ''])
    assert.equal((await door(protocols))?.state, 'answers', protocols)
  const left = await door('ipv6')
  assert.equal(left?.state, 'does not answer')
  assert.match(left?.missing[0]?.what ?? '', /inet_protocols is ipv6/)
})
