// What every hold queue must do: the releaser of etc/ with Debian's Postfix, and servers that answer wrongly, or not at all.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type ReleaserQueue,
  socketHoldQueue,
} from '../../src/drivers/releaser/socket-hold-queue.ts'
import { HoldQueueAway } from '../../src/ports/hold-queue.ts'
import { atEnd, folderOf } from '../support/owned.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { type Releaser, releaserOf } from '../support/releaser.ts'
import { eventually } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

const INBOX = 'inbox@postfix.example'
const NEVER = '4cXKCk1bC5z3Pl'

describe('the releaser with Postfix', () => {
  let peer: Postfix
  let helper: Releaser
  let queue: ReleaserQueue

  before(async () => {
    peer = await postfix({
      relayPort: 9,
      // As Debian has them: what is released goes at once, not when the queue is looked at next.
      more: `enable_long_queue_ids = yes
queue_run_delay = 300s
minimal_backoff_time = 300s
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_relay_restrictions = permit_mynetworks defer_unauth_destination
smtpd_recipient_restrictions = check_recipient_access static:HOLD`,
    })
    helper = await releaserOf(peer)
    queue = socketHoldQueue(helper.socket)
  })

  after(async () => {
    await helper.close()
    await peer.stop()
  })

  const held = () => readdirSync(join(peer.queue, 'hold')).toSorted()
  const sent = async (subject: string) => {
    const before = new Set(held())
    const reply = await strangerSends(peer.port, `Subject: ${subject}\n\nx`, { to: [INBOX] })
    assert.match(reply, /^250/)
    return held().find(id => !before.has(id)) as string
  }

  test('it says of which Postfix it is', async () => {
    const asked = ['-c', peer.etc, '-xh', 'myhostname', 'queue_directory']
    const said = execFileSync('postconf', asked, { encoding: 'utf8' })
    const [hostname, folder] = said.split('\n')
    assert.equal(folder, peer.queue)
    assert.deepEqual(await queue.where(), { hostname, queue: folder })
  })

  test('all that is held is listed', async () => {
    const ids = [await sent('one'), await sent('two')]
    assert.deepEqual([...(await queue.list())].toSorted(), ids.toSorted())
    await queue.remove(ids)
  })

  test('what is released is delivered, what is deleted is gone, and others stay', async () => {
    const [one, two, three] = [await sent('goes'), await sent('never'), await sent('stays')]
    assert.deepEqual(await queue.release([one, NEVER]), new Set([one]))
    assert.deepEqual(await queue.remove([two]), new Set([two]))
    assert.deepEqual(await queue.list(), new Set([three]))
    await eventually(() => peer.taken().find(mail => mail.includes('goes')))
    assert.ok(!peer.taken().some(mail => mail.includes('never')))
    assert.deepEqual(await queue.remove([one, two]), new Set(), 'they are not held any more')
    await queue.remove([three])
  })

  test('mail that waits for delivery is not deleted, and no word but the three does anything', async () => {
    const id = await sent('waits')
    for (const word of ['ALL', '-', `${id} hold`, `${id}\nALL`, '../hold', '9A7BC1F23D', ''])
      assert.deepEqual(await queue.remove([word]), new Set(), word)
    assert.deepEqual(held(), [id])
    const deferred = join(peer.queue, 'deferred', NEVER[0] as string)
    mkdirSync(deferred, { recursive: true })
    writeFileSync(join(deferred, NEVER), 'x')
    assert.deepEqual(await queue.remove([NEVER]), new Set())
    assert.deepEqual(readdirSync(deferred), [NEVER])
    await queue.remove([id])
  })
})

const badly: Readonly<Record<string, (socket: Socket) => void>> = {
  'says that it failed': socket => void socket.write('failed postsuper: fatal\n'),
  'ends too early': socket => void socket.end('4cXKCk1bC5z3Pl\n'),
  'says nothing': () => undefined,
  'says one line without end': socket => void socket.write('4'.repeat(5000)),
}
for (const [what, answer] of Object.entries(badly))
  test(`a releaser that ${what}: HoldQueueAway`, async t => {
    const path = join(folderOf(t), 'releaser.sock')
    const sockets = new Set<Socket>()
    const server = createServer(socket => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => answer(socket))
    })
    await once(server.listen(path), 'listening')
    atEnd(t, () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const queue = socketHoldQueue(path, 200)
    await assert.rejects(queue.list(), HoldQueueAway)
    await assert.rejects(queue.release([NEVER]), HoldQueueAway)
    await assert.rejects(queue.where(), HoldQueueAway)
  })

test('no releaser at all: HoldQueueAway', async t => {
  const queue = socketHoldQueue(join(folderOf(t), 'nobody.sock'))
  await assert.rejects(queue.list(), HoldQueueAway)
})
