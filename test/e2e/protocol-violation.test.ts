// What no mail server does, noticed on a real socket: refused where the operator says so, and otherwise only said.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { run, type Served, serve } from '../support/serve.ts'

let served: Served

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: 0 }]
rules: { protocol-violation: enforce }
strangers: { greetPause: 300ms }
`)
})
after(() => served.stop())

/** Sends these pieces, each after the reply to the one before; all that was heard. `early`: before the greeting. */
async function says(pieces: readonly string[], early = ''): Promise<string> {
  const socket = connect(served.ports[0] ?? 0, '127.0.0.1')
  let heard = ''
  socket.on('data', chunk => (heard += String(chunk))).on('error', () => undefined)
  await once(socket, 'connect')
  if (early !== '') socket.write(early)
  for (const piece of [...pieces, 'QUIT\r\n']) {
    await once(socket, 'data')
    // What was sent together is answered together, nearly.
    await new Promise(resolve => setTimeout(resolve, 30))
    socket.write(piece)
  }
  await once(socket, 'close')
  return heard
}

const HELLO = 'EHLO mx.meadow.example\r\n'
const MAIL = 'MAIL FROM:<a@meadow.example>\r\n'
const RCPT = 'RCPT TO:<sink@isp.example>\r\n'
const REFUSED = /^550 5\.5\.0 \[protocol\]/m

test('who waits its turn is taken, also one that pipelines as it may', async () => {
  assert.doesNotMatch(await says([HELLO, MAIL, RCPT]), REFUSED)
  assert.doesNotMatch(await says([HELLO, MAIL + RCPT]), REFUSED)
  assert.doesNotMatch(await says([HELLO, HELLO, MAIL, RCPT]), REFUSED, 'greets twice alike')
})

test('who does not is refused, and told at RCPT', async () => {
  const cases: Record<string, readonly [readonly string[], string?]> = {
    'talks before the greeting': [[MAIL, RCPT], HELLO],
    'talks on after EHLO': [[HELLO + MAIL, RCPT]],
    'pipelines after HELO': [['HELO mx.meadow.example\r\n', MAIL + RCPT]],
    'invents a command': [[HELLO, 'XYZZY\r\n', MAIL, RCPT]],
    'changes its name': [[HELLO, 'EHLO other.example\r\n', MAIL, RCPT]],
    'ends lines in a bare newline': [[HELLO, 'NOOP\n', MAIL, RCPT]],
  }
  for (const [name, [pieces, early]] of Object.entries(cases))
    assert.match(await says(pieces, early), REFUSED, name)
  const text = await (await fetch(`${served.console}metrics`)).text()
  assert.match(text, /rule="protocol-violation"[^\n]* 6\n/)
})

test('real programs violate no protocol', async () => {
  const port = String(served.ports[0])
  for (const [program, args] of [
    [
      '/usr/sbin/smtp-source',
      ['-c', '-m', '5', '-f', 'a@meadow.example', '-t', 'sink@isp.example', `127.0.0.1:${port}`],
    ],
    [
      'swaks',
      [
        '-s',
        '127.0.0.1',
        '-p',
        port,
        '-f',
        'a@meadow.example',
        '-t',
        'sink@isp.example',
        '--pipeline',
      ],
    ],
    [
      'curl',
      [
        '-s',
        '--mail-from',
        'a@meadow.example',
        '--mail-rcpt',
        'sink@isp.example',
        '-T',
        '-',
        `smtp://127.0.0.1:${port}`,
      ],
    ],
  ] as const) {
    const done = await run(program, args, 'Subject: x\r\n\r\nhello\r\n')
    assert.equal(done.code, 0, `${program}: ${done.output}`)
  }
})
