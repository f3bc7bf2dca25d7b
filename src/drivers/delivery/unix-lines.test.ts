import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unixLines } from './unix-lines.ts'

async function written(chunks: readonly string[]): Promise<string> {
  const body = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1')
  })()
  const out: Uint8Array[] = []
  for await (const chunk of unixLines(body)) out.push(chunk)
  return Buffer.concat(out).toString('latin1')
}

test('wherever a message is cut, CR LF becomes LF, and what is neither stays', async () => {
  const message = 'Subject: hi\r\n\r\na\r\rb\n\r\r\n\xe4 \n\r\n\r'
  const wanted = 'Subject: hi\n\na\r\rb\n\r\n\xe4 \n\n\r'
  assert.equal(await written([message]), wanted)
  assert.equal(await written([...message]), wanted)
  for (let at = 0; at <= message.length; at++)
    assert.equal(await written([message.slice(0, at), '', message.slice(at)]), wanted)
  assert.equal(await written([]), '')
})
