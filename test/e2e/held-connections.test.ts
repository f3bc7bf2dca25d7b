// Who holds connections and sends nothing worth one: there is an end to each, customers keep their room, and who finds none is told so.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { MINUTE } from '../../src/model/duration.ts'
import { countingEngine } from '../support/counting-engine.ts'
import { type DoorOptions, testDoor, WIDE } from '../support/smtp-door.ts'
import { accepted } from '../support/untaken.ts'

const fail = (error: unknown) => assert.fail(String(error))
async function inbound(t: TestContext, options: Partial<DoorOptions>) {
  const { engine } = countingEngine()
  const door = await testDoor('inbound', engine, { trouble: fail, ...options })
  t.after(() => door.close(0))
  return door.port
}

/** All that a client is told that says nothing. */
async function heardBy(port: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of connect(port, '127.0.0.1')) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const FULL = { ...WIDE, perAddress: 0, perNetwork: 0 }

test('who finds no room is told so, and by a TLS alert where TLS is spoken', async t => {
  assert.equal(
    String(await heardBy(await inbound(t, { caps: FULL }))),
    '421 4.7.0 mail.isp.example Too many connections; please try again later\r\n',
  )
  const port = await inbound(t, { caps: FULL, implicitTls: true })
  assert.deepEqual([...(await heardBy(port))], [0x15, 3, 3, 0, 2, 2, 80])
  const [error] = await once(connectTls({ port, rejectUnauthorized: false }), 'error')
  assert.doesNotMatch(String(error), /wrong version/i)
})

const HEAD = 'EHLO a\r\nMAIL FROM:<a@meadow.example>\r\nRCPT TO:<anna@isp.example>\r\n'

for (const [name, say, drop] of [
  ['a command', '', 'N'],
  ['a message', `${HEAD}DATA\r\n`, 'x\r\n'],
  ['a message in chunks', HEAD, 'BDAT 1\r\nx'],
  ['a chunk that is refused', 'BDAT 10000\r\n', 'x'],
  ['a message that is too large', `${HEAD}DATA\r\n${'x'.repeat(20_000)}`, 'x'.repeat(40_000)],
] as const) {
  test(`${name} that trickles in comes to an end`, { timeout: 60_000 }, async t => {
    let now = 0
    const { sockets, stop } = accepted()
    const port = await inbound(t, { steady: () => now })
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const client = connect(port, '127.0.0.1').on('error', () => undefined)
    t.after(() => (stop(), client.destroy()))
    let heard = ''
    client.on('data', chunk => (heard += chunk))
    let said = 0
    const speak = async (text: string) => {
      client.write(text)
      said += text.length
      await until(() => sockets[0]?.bytesRead === said)
      // What was read is dealt with.
      await turnOfTheLoop()
    }
    await speak(say)
    for (let minutes = 0; minutes < 4; minutes++) {
      await speak(drop)
      assert.equal(sockets[0]?.writableEnded, false)
      now += MINUTE
      t.mock.timers.tick(MINUTE)
    }
    // What came has earned it a moment.
    for (let minutes = 0; minutes < 3; minutes++) {
      now += MINUTE
      t.mock.timers.tick(MINUTE)
    }
    await until(() => heard.includes('421 4.4.2'))
  })
}

/** Time stands still here: turns of the loop are counted. */
async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    assert.ok(turns < 50_000, 'nothing happens')
    await turnOfTheLoop()
  }
}

const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve))
