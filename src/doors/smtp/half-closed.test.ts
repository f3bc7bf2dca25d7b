// A client that says all it has to say and closes its side, as `printf … | nc` does: it gets its answers.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { smallCordon } from '../../../test/support/small-cordon.ts'
import type { Engine } from '../../ports/engine.ts'
import { testDoor } from '../../../test/support/smtp-door.ts'

/** Answers when the end of what a client says has long been seen. */
const thinking = (engine: Engine): Engine => ({
  ...engine,
  judge: async step => {
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    return engine.judge(step)
  },
})

const MESSAGE = [
  'EHLO mx.meadow.example',
  'MAIL FROM:<ann@meadow.example>',
  'RCPT TO:<anna@isp.example>',
  'DATA',
  'Subject: hello',
  '',
  'hello',
  '.',
  '',
].join('\r\n')

for (const [what, said, last] of [
  ['a message', MESSAGE, /\r\n250 2\.0\.0 Ok: queued as \S+\r\n$/],
  ['half a message', MESSAGE.slice(0, -5), /\r\n354 [^\r]*\r\n$/],
  ['nothing', '', /^220 [^\r]*\r\n$/],
] as const)
  test(`${what}, then nothing more: it is answered and the connection ends`, async t => {
    const cordon = await smallCordon()
    const door = await testDoor('inbound', thinking(cordon.engine), {
      trouble: error => assert.fail(String(error)),
    })
    t.after(() => door.close(0).then(() => cordon.close()))
    const client: Socket = connect(door.port, '127.0.0.1')
    await once(client, 'connect')
    client.end(said)
    assert.match(await text(client), last)
  })
