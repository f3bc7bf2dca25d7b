// A server that is down, one that says later, one that says no for some: tried again on schedule, given up in time, and
// the sender is told what they asked to be told. Postfix's smtp-sink plays the other side; the clock runs fast.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { SpooledMessage } from '../../src/ports/spool.ts'
import { delivering } from '../support/delivering.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from '../support/serve.ts'
import { sink } from '../support/smtp-sink.ts'

const deliveryTo = (port: number, scale: number) =>
  delivering({
    scale,
    settings: {
      routes: { '*': { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } },
    },
  })

const FRIEND = 'friend@meadow.example'
const empty = (delivery: Awaited<ReturnType<typeof deliveryTo>>) =>
  eventually(async () => ((await delivery.spool.list({})).length === 0 ? true : undefined))

test('a server that is down is tried again after five, ten, twenty minutes, and gets the mail when it is back', async t => {
  const port = await freePort()
  const delivery = await deliveryTo(port, 600)
  t.after(delivery.end)
  await delivery.put([FRIEND])
  const attempts = () =>
    delivery.events.filter(event => event.kind === 'delivery-failed').map(event => event.at)
  await eventually(() => (attempts().length >= 3 ? true : undefined))
  const [first = 0, second = 0, third = 0] = attempts()
  assert.ok(
    second - first >= 5 * MINUTE && second - first < 9 * MINUTE,
    `${(second - first) / MINUTE} minutes`,
  )
  assert.ok(
    third - second >= 10 * MINUTE && third - second < 15 * MINUTE,
    `${(third - second) / MINUTE} minutes`,
  )
  const server = await sink('127.0.0.1', port)
  t.after(server.stop)
  await eventually(() =>
    delivery.events.some(event => event.kind === 'delivery-done') ? true : undefined,
  )
  await empty(delivery)
  assert.deepEqual(delivery.told, [])
})

test('a server that always says later: the sender is told when the time is up, once', async t => {
  const port = await freePort()
  const server = await sink('127.0.0.1', port, '-r', 'rcpt')
  t.after(server.stop)
  const delivery = await deliveryTo(port, 2000)
  t.after(delivery.end)
  await delivery.put([FRIEND], { expires: Date.now() + 3 * HOUR })
  await eventually(() => (delivery.told.length > 0 ? true : undefined))
  await empty(delivery)
  const attempts = delivery.events.filter(event => event.kind === 'delivery-failed')
  assert.ok(attempts.length >= 3, `${attempts.length} attempts`)
  assert.ok(
    attempts.slice(0, -1).every(event => event.kind === 'delivery-failed' && !event.permanent),
  )
  assert.equal(delivery.told.length, 1)
  assert.match(
    delivery.told[0]?.answer ?? '',
    /^given up after trying for days; last answer: 4\d\d/,
  )
})

test('who asks hears of delay once and of arrival; who wants to hear nothing does not (RFC 3461)', async t => {
  const port = await freePort()
  const refusing = await sink('127.0.0.1', port, '-r', 'rcpt')
  const delivery = await deliveryTo(port, 10_000)
  t.after(delivery.end)
  const asks = (notify: readonly ('success' | 'delay' | 'failure')[]) => ({
    esmtp: { notify, original: 'rfc822;friend+2Ba@meadow.example' },
  })
  const recipients: SpooledMessage['recipients'] = [
    { address: 'slow@meadow.example', state: 'queued', due: 0, ...asks(['delay', 'success']) },
    { address: 'quiet@meadow.example', state: 'queued', due: 0, ...asks([]) },
  ]
  await delivery.put([], { recipients })
  const delayed = await eventually(() => delivery.told.find(one => one.action === 'delayed'))
  assert.equal(delayed.address, 'slow@meadow.example')
  assert.equal(delayed.original, 'rfc822;friend+a@meadow.example')
  assert.match(delayed.status, /^4\./)
  // It goes on trying, and says nothing more until the mail is through.
  await new Promise(resolve => setTimeout(resolve, 1500))
  assert.equal(delivery.told.length, 1)
  refusing.stop()
  // -N: it does not report itself, so this is the last we know.
  const server = await sink('127.0.0.1', port, '-N')
  t.after(server.stop)
  await empty(delivery)
  assert.deepEqual(
    delivery.told.map(one => `${one.action} ${one.address}`),
    ['delayed slow@meadow.example', 'relayed slow@meadow.example'],
  )
})

test('NOTIFY=NEVER keeps a refusal quiet', async t => {
  const port = await freePort()
  const server = await sink('127.0.0.1', port, '-f', 'rcpt')
  t.after(server.stop)
  const delivery = await deliveryTo(port, 1)
  t.after(delivery.end)
  const quiet = { state: 'queued', due: 0, esmtp: { notify: [] } } as const
  const loud = { state: 'queued', due: 0 } as const
  await delivery.put([], {
    recipients: [
      { address: 'quiet@meadow.example', ...quiet },
      { address: 'loud@meadow.example', ...loud },
    ],
  })
  await empty(delivery)
  assert.deepEqual(
    delivery.told.map(one => one.address),
    ['loud@meadow.example'],
  )
})

test('what was asked for goes on to a server that reports itself, and we say nothing', async t => {
  const port = await freePort()
  const server = await sink('127.0.0.1', port)
  t.after(server.stop)
  const delivery = await deliveryTo(port, 1)
  t.after(delivery.end)
  await delivery.put([], {
    esmtp: { returned: 'headers', envelopeId: 'QQ+2B314' },
    recipients: [
      {
        address: FRIEND,
        state: 'queued',
        due: 0,
        esmtp: { notify: ['success', 'delay'], original: 'rfc822;old+2Bname@meadow.example' },
      },
    ],
  })
  await empty(delivery)
  const [mail = ''] = server.taken()
  assert.match(mail, /^X-Mail-Args: <anna@isp\.example> .*RET=HDRS ENVID=QQ\+2B314$/m)
  assert.match(
    mail,
    /^X-Rcpt-Args: <friend@meadow\.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;old\+2Bname@meadow\.example$/m,
  )
  assert.deepEqual(delivery.told, [])
})

test('a queue that cannot be written for a while: what was delivered is not delivered again', async t => {
  const port = await freePort()
  const server = await sink('127.0.0.1', port)
  t.after(server.stop)
  let failing = 2
  const said: string[] = []
  const delivery = await delivering({
    settings: {
      routes: { '*': { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } },
    },
    meddle: spool => ({
      ...spool,
      settle: async results => {
        if (failing-- > 0) throw new Error('no room')
        return spool.settle(results)
      },
    }),
    trouble: (error, about) => void said.push(`${about}: ${String(error)}`),
  })
  t.after(delivery.end)
  await delivery.put([FRIEND])
  await empty(delivery)
  assert.equal(server.taken().length, 1)
  assert.equal(delivery.events.filter(event => event.kind === 'delivery-done').length, 1)
  assert.deepEqual(said, ['delivering m1: Error: no room', 'delivering m1: Error: no room'])
})

test('a message whose way cannot be found is not forgotten', async t => {
  const port = await freePort()
  const server = await sink('127.0.0.1', port)
  t.after(server.stop)
  let failing = 1
  const delivery = await delivering({
    scale: 1000,
    settings: { exchangerPort: port },
    resolver: {
      mx: async () => {
        if (failing-- > 0) throw new Error('a bug in the resolver')
        return { value: [{ host: 'mx.meadow.example', preference: 10 }] }
      },
      addresses: async () => ({ value: ['127.0.0.1'] }),
    },
    trouble: () => undefined,
  })
  t.after(delivery.end)
  await delivery.put([FRIEND])
  await empty(delivery)
  assert.equal(server.taken().length, 1)
})
