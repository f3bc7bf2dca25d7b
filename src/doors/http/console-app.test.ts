import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleApp, type ConsoleParts } from './console-app.ts'

/** A viewer of the live page, and what tells an event. */
async function viewer() {
  let hear: (event: object) => void = () => undefined
  const app = consoleApp({
    reading: {
      listen: (listener: typeof hear) => {
        hear = listener
        return () => undefined
      },
    },
  } as unknown as ConsoleParts)
  const answer = await app.request('http://localhost/live')
  return { tell: (event: object) => hear(event), answer }
}

test('a viewer gets a line every twenty seconds in which nothing happens, so that no proxy cuts it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { tell, answer } = await viewer()
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  const reading = (async () => {
    for (let one = await reader.read(); !one.done; one = await reader.read())
      text += Buffer.from(one.value).toString()
  })()
  const pass = async (ms: number) => {
    await new Promise(resolve => setImmediate(resolve))
    t.mock.timers.tick(ms)
    await new Promise(resolve => setImmediate(resolve))
  }
  const seen = () => text
  await pass(19_000)
  assert.equal(seen(), '')
  await pass(1000)
  // A comment (a line that begins with a colon) is no event to a browser.
  assert.equal(seen(), ':\n\n')
  tell({ kind: 'test' })
  await pass(0)
  assert.equal(seen(), ':\n\ndata: {"kind":"test"}\n\n')
  await pass(19_000)
  assert.ok(seen().endsWith('}\n\n'))
  for (let i = 0; i < 3; i++) await pass(20_000)
  assert.ok(seen().endsWith('}\n\n:\n\n:\n\n:\n\n'))
  await reader.cancel()
  await reading
})

test('a viewer that lags behind is told how many events were skipped', async () => {
  const { tell, answer } = await viewer()
  for (let i = 0; i < 1500; i++) tell({ kind: 'test', at: i, i })
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  while (!text.includes('journal-gap')) {
    const { value, done } = await reader.read()
    assert.ok(!done, 'it ended')
    text += Buffer.from(value).toString()
    assert.ok(!text.includes('"i":1499'), 'all 1,500 events wait for a viewer that reads none')
  }
  await reader.cancel()
  assert.match(text, /"i":999\}[^]*\{"kind":"journal-gap","at":999,"lost":500\}/)
  assert.ok(!text.includes('"i":1000'))
})

test('it is called by addresses, by localhost and by the names that it is given, and by no other', async () => {
  const named = consoleApp({
    hosts: ['mail.isp.example', 'admin.isp.example'],
  } as unknown as ConsoleParts)
  for (const [host, status] of [
    ['admin.isp.example', 200],
    ['Admin.ISP.example:8080', 200],
    ['mail.isp.example', 200],
    ['localhost:8080', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:8080', 200],
    ['attack.example', 421],
    ['x.admin.isp.example', 421],
  ] as const)
    assert.equal((await named.request('http://x/', { headers: { host } })).status, status, host)
})
