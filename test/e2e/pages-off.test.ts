// The two web pages are opened without a word in the configuration: each can be turned off, and one whose port is taken says how.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../src/config/load.ts'
import { startCordon } from '../../src/main.ts'

const config = (folder: string, http: object) =>
  checkConfig({
    dataFolder: join(folder, 'data'),
    domains: ['isp.example'],
    resolvers: ['127.0.0.1:1'],
    listeners: [{ kind: 'inbound', port: 0 }],
    http,
  })

test('a page that is off is not opened; one whose port is taken names its setting', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pages-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  t.after(() => other.close())
  const { port } = other.address() as AddressInfo
  const console = { on: false }
  await assert.rejects(startCordon(config(folder, { console, portal: { port } })), {
    name: 'StartError',
    message: new RegExp(
      `^portal cannot be opened: port ${port} of 127\\.0\\.0\\.1 is in use .* http\\.portal\\.port; http\\.portal\\.on: false does without\\.$`,
    ),
  })
  const cordon = await startCordon(config(folder, { console, portal: { port, on: false } }))
  t.after(() => cordon.close())
  assert.deepEqual(
    cordon.places.map(({ kind }) => kind),
    ['smtp'],
  )
})

test('the console answers to hostname and to the names it is given, and to no other', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pages-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const console = { port: 0, names: ['Admin.isp.example'] }
  const cordon = await startCordon({
    ...config(folder, { console, portal: { on: false } }),
    hostname: 'Mail.isp.example',
  })
  t.after(() => cordon.close())
  const port = cordon.places.find(({ kind }) => kind === 'console')?.port ?? 0
  const asked = async (host: string) => {
    const [answer] = await once(get({ port, headers: { host } }), 'response')
    answer.resume()
    return answer.statusCode as number
  }
  for (const [host, status] of [
    ['admin.isp.example', 200],
    ['ADMIN.isp.example:8080', 200],
    ['mail.isp.example', 200],
    ['attack.example', 421],
  ] as const)
    assert.equal(await asked(host), status, host)
})
