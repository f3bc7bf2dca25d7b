// Decoys, talked to by a program nobody here wrote: everything is taken, nothing is delivered, and the line that talked is isolated at
// its first word. A mere connection is no talk.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { hashPassword, PROPER_COST } from '../../src/drivers/credentials/password-hash.ts'
import { freePort } from '../support/free-port.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let served: Served
let port: number

before(async () => {
  const hashed = await hashPassword('the right one', PROPER_COST)
  port = await freePort()
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, address: 127.0.0.1, port: 0 }]
decoys: { addresses: [127.0.0.1], port: ${port}, name: mx.meadow.example }
traps: [never.given@isp.example, nor.this@isp.example]
subscribers:
  - { id: infected, logins: [{ name: anna@isp.example }] }
  - { id: neighbour, logins: [{ name: bert@isp.example, passwordHash: '${hashed}' }] }
  - { id: buyer }
  - { id: forwarder }
leases:
  - { prefix: 127.0.0.2, subscriber: infected }
  - { prefix: 127.0.0.3, subscriber: neighbour }
  - { prefix: 127.0.0.4, subscriber: buyer }
  - { prefix: 127.0.0.5, subscriber: forwarder }
`)
})
after(() => served.stop())

const journal = async () =>
  (await run('sh', ['-c', `zcat -f ${served.folder}/data/journal/*.gz; true`])).output

const swaks = (from: string, ...more: readonly string[]) =>
  run('swaks', [
    ...`--server 127.0.0.1 --port ${port} --local-interface ${from} --from x@bot.example`.split(
      ' ',
    ),
    '--to',
    'a@meadow.example,b@hill.example',
    ...more,
  ])

test('who only connects is not accused; who talks is isolated, and the message goes nowhere', async () => {
  await new Promise<void>(resolve => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' })
    socket.once('data', greeting => {
      assert.match(String(greeting), /^220 mx\.meadow\.example ESMTP\r\n$/)
      socket.destroy()
    })
    socket.on('close', () => resolve())
  })
  const sent = await swaks('127.0.0.2', '--body', 'Buy cheap pills now from our shop')
  assert.equal(sent.code, 0, sent.output)
  const shown = await eventually(async () => {
    const { output } = await cordon(served.folder, 'incident')
    return output.includes('line:infected') ? output : undefined
  })
  assert.match(shown, /contained .*isolate/)
  assert.doesNotMatch(shown, /neighbour/)
  const told = await eventually(async () => {
    const line = (await journal()).split('\n').find(one => one.includes('"decoy-mail"'))
    return line
  })
  const event = JSON.parse(told) as Record<string, unknown>
  assert.deepEqual(
    [event['senderDomain'], event['recipients'], event['recipientDomains']],
    ['bot.example', 2, ['meadow.example', 'hill.example']],
  )
  assert.match(String(event['fingerprint']), /^[0-9a-f]{16}$/)
  const { output } = await cordon(served.folder, 'queue')
  assert.doesNotMatch(output, /meadow|hill/)
})

test('a login of ours with its right password at a decoy is evidence; what else is offered is told nowhere', async () => {
  const auth = (user: string, password: string, type = 'PLAIN') =>
    swaks('127.0.0.2', '--auth', type, '--auth-user', user, '--auth-password', password)
  for (const [user, password, type] of [
    ['anna@isp.example', 'a wrong password', 'PLAIN'],
    ['ann@far.example', 'the right one', 'PLAIN'],
    ['bert@isp.example', 'the right one', 'LOGIN'],
  ] as const) {
    const { code, output } = await auth(user, password, type)
    assert.equal(code, 0, output)
  }
  const told = await eventually(async () => {
    const text = await journal()
    return text.includes('password/at-decoy') ? text : undefined
  })
  const [event] = told.split('\n').filter(one => one.includes('"password-circulates"'))
  assert.match(event ?? '', /"login":"bert@isp\.example","seen":"decoy","address":"127\.0\.0\.2"/)
  assert.equal(told.split('"password-circulates"').length, 2)
  assert.doesNotMatch(told, /ann@far|right one|wrong password/)
})

test('a program that was made to connect, and speaks no mail, is not accused', async () => {
  // As a page or a stranger can make it: what follows in the body is mail, but no mail program begins so.
  const fetched = await run('curl', [
    ...'-s -m 10 --http0.9 --interface 127.0.0.3 --data-binary'.split(' '),
    'EHLO x\r\nMAIL FROM:<x@bot.example>\r\nRCPT TO:<a@meadow.example>\r\nQUIT\r\n',
    `http://127.0.0.1:${port}/`,
  ])
  assert.match(fetched.output, /220 mx\.meadow\.example/)
  const { output } = await cordon(served.folder, 'incident')
  assert.doesNotMatch(output, /neighbour/)
})

test('passwords are taken and looked at by nobody', async () => {
  const sent = await swaks(
    '127.0.0.9',
    ...'--auth LOGIN --auth-user bert --auth-password a-foreign-secret'.split(' '),
  )
  assert.equal(sent.code, 0, sent.output)
  await eventually(async () => ((await journal()).includes('127.0.0.9') ? true : undefined))
  assert.doesNotMatch(await journal(), /a-foreign-secret|YS1mb3JlaWdu/)
})

test('long lines, long messages and many sessions end', async () => {
  const ended = await new Promise<number>(resolve => {
    let heard = 0
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.10' })
    socket.on('error', () => undefined)
    socket.on('data', chunk => (heard += chunk.length))
    socket.write('x'.repeat(10_000))
    socket.on('close', () => resolve(heard))
  })
  assert.ok(ended < 100)
  const sockets = Array.from({ length: 8 }, () =>
    connect({ port, host: '127.0.0.1', localAddress: '127.0.0.11' })
      .on('error', () => undefined)
      .resume(),
  )
  const open = await eventually(() => {
    const closed = sockets.filter(socket => socket.destroyed).length
    return closed === 3 ? sockets.length - closed : undefined
  })
  assert.equal(open, 5)
  for (const socket of sockets) socket.destroy()
})

test('two traps: who writes, as to a list, to addresses that belong to no person is isolated; what is sent on, sent by a program, or an answer, is not', async () => {
  const write = (
    from: string,
    sender: string,
    { header = '', to = 'never.given', text = 'hello' },
  ) =>
    run('swaks', [
      ...`--server 127.0.0.1 --port ${served.ports[0]} --local-interface ${from}`.split(' '),
      '--from',
      sender,
      '--to',
      `${to}@isp.example`,
      '--data',
      `${header}Subject: offer\n\n${text}`,
    ])
  const received = 'Received: from a.example by b.example; Mon, 5 Jan 2026 08:00:00 +0000\n'
  for (const [sender, header] of [
    ['x@far.example', received],
    ['<>', ''],
    ['x@far.example', 'Auto-Submitted: auto-replied\n'],
    ['x@far.example', 'In-Reply-To: <1@far.example>\n'],
  ] as const) {
    for (const to of ['never.given', 'nor.this']) {
      const sent = await write('127.0.0.5', sender, { header, to, text: `hello, ${to}` })
      assert.equal(sent.code, 0, sent.output)
    }
  }
  for (let i = 0; i < 5; i++) {
    const sent = await write('127.0.0.4', `x${i}@far.example`, { to: 'anna' })
    assert.equal(sent.code, 0, sent.output)
  }
  // Two texts, each long enough to be told from the other.
  const offers = {
    'never.given': 'We sell watches and handbags for half of what they cost in town, ask today',
    'nor.this': 'Your parcel waits at the customs office until the small fee has been paid online',
  }
  for (const [to, text] of Object.entries(offers)) {
    const before = await cordon(served.folder, 'incident')
    assert.doesNotMatch(before.output, /contained .*line:buyer/)
    const sent = await write('127.0.0.4', 'x@far.example', { to, text })
    assert.equal(sent.code, 0, sent.output)
  }
  const shown = await eventually(async () => {
    const { output } = await cordon(served.folder, 'incident')
    return /contained .*line:buyer/.test(output) ? output : undefined
  })
  assert.match(shown, /contained .*line:buyer .*belongs? to no person/)
  assert.doesNotMatch(shown, /contained .*forwarder/)
  assert.match(shown, /watched .*line:forwarder .*an outsider may have led to it/)
})
