import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consoleApp, type ConsoleParts } from './console-app.ts'

test('a viewer that lags behind is told how many events were skipped', async () => {
  let tell: (event: object) => void = () => undefined
  const app = consoleApp({
    reading: {
      listen: (listener: typeof tell) => {
        tell = listener
        return () => undefined
      },
    },
  } as unknown as ConsoleParts)
  const answer = await app.request('http://localhost/live')
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
