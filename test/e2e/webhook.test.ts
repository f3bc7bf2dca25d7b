// Changes on the network posted to an address of the operator's: signed, tried again, known by an id, taken back after a crash.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'

const SECRET = 'a secret of sixteen'
type Posted = {
  readonly id: string
  readonly signature: string
  readonly body: string
  readonly changes: readonly Record<string, unknown>[]
}

/** Answers with these, one after the other, and then with 204. */
async function receiver(t: TestContext, answers: number[]) {
  const posted: Posted[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', chunk => (body += chunk))
    request.on('end', () => {
      const { 'idempotency-key': id, 'cordon-signature': signature } = request.headers
      const { changes } = JSON.parse(body) as Posted
      posted.push({ id: String(id), signature: String(signature), body, changes })
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const bound = server.address()
  return { posted, port: typeof bound === 'object' ? (bound?.port ?? 0) : 0 }
}

const config = (port: number) => `
hostname: mail.isp.example
webhooks: [{ url: "http://127.0.0.1:${port}/cordon", secret: "${SECRET}" }]
subscribers: [{ id: kd1 }, { id: kd2, plan: expert }]
leases:
  - { prefix: 198.51.100.7, ports: [1024, 2047], subscriber: kd1 }
  - { prefix: "2001:db8:17::/56", subscriber: kd2 }
`

async function order({ folder }: Served, ...words: readonly string[]): Promise<string> {
  const { code, output } = await cordon(folder, ...words)
  assert.equal(code, 0, output)
  return output
}

test('each change is posted, signed; the same one again until it is taken; and taken back after a crash', async t => {
  const { posted, port } = await receiver(t, [204, 503])
  const served = await serve(config(port))
  t.after(served.stop)
  // An expert's open port has no end.
  const [open] = await eventually(() => (posted.length > 0 ? posted : undefined))
  assert.deepEqual(open?.changes, [
    {
      realm: 'main',
      prefix: '2001:db8:17::/56',
      subscriber: 'kd2',
      state: 'open',
      walledGarden: false,
    },
  ])
  await order(served, 'incident', 'impose', 'line:kd1', 'isolate', '--why', 'a test')
  const [, first, again] = await eventually(() => (posted.length > 2 ? posted : undefined))
  assert.equal(first?.id, again?.id)
  assert.equal(first?.body, again?.body)
  const { until, decision, ...change } = again?.changes[0] ?? {}
  assert.deepEqual(change, {
    realm: 'main',
    prefix: '198.51.100.7/32',
    ports: [1024, 2047],
    subscriber: 'kd1',
    state: 'isolated',
    walledGarden: true,
  })
  assert.match(String(until), /^\d{4}-\d\d-\d\dT/)
  assert.equal(typeof decision, 'string')
  // As anybody can check who has the secret.
  const [, at = '', sum] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(again?.signature ?? '') ?? []
  const digest = await run(
    'openssl',
    ['dgst', '-sha256', '-hmac', SECRET, '-r'],
    `${at}.${again?.body ?? ''}`,
  )
  assert.equal(digest.output.split(' ')[0], sum)

  served.signal('SIGKILL')
  const server = await startServer(join(served.folder, 'cordon.yaml'))
  t.after(() => server.server.kill('SIGKILL'))
  assert.equal(posted.length, 3)
  const { rows: all } = JSON.parse(await order(served, 'incident', 'list', '--json')) as {
    rows: { id: string }[]
  }
  await order(served, 'incident', 'release', all[0]?.id ?? '')
  const last = await eventually(() => posted[3])
  assert.deepEqual(
    last.changes.map(({ prefix, state }) => [prefix, state]),
    [['198.51.100.7/32', 'default']],
  )
})
