// Orders given to the real program: on the command line and on its control socket, well and badly, and what a program can tell from how a
// command ended.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLI } from '../support/program.ts'
import { cordon, run, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
subscribers:
  - { id: '10017', logins: [{ name: anna@isp.example, addresses: [anna@isp.example] }] }
listeners: [{ kind: inbound, port: 0 }]
`

function send(
  folder: string,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: join(folder, 'data/control.sock'),
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers: { 'content-type': 'application/json' },
      },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

test('orders with impossible fields change nothing, and say which field and what is possible', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const { folder } = served
  const impose = (...words: readonly string[]) =>
    cordon(folder, 'incident', 'impose', ...words, '--why', 'a test')
  for (const [words, says] of [
    [['line:10017', 'isolate', '--hours', 'abc'], /--hours: abc is no span of time/],
    [['line:10017', 'isolate', '--hours', '-5'], /--hours: -5 is no span/],
    [['line:10017', 'isolate', '--hours', '1e9'], /--hours: 1e9 is no span/],
    [['line:10017', 'isolate', '--hours', '31d'], /hours: Write at most 720 for isolate/],
    [['line:10017', 'banana'], /decision: Write one of: watch, hold/],
    [['10017', 'isolate'], /subject: Write line:CUSTOMER or login:NAME/],
  ] as const) {
    const { code, output } = await impose(...words)
    assert.match(output, says)
    assert.equal(code, 2, output)
  }
  const body = { subject: 'line:10017', decision: 'isolate', hours: 1, why: 'a test' }
  for (const [wrong, field] of [
    [{ hours: 'many' }, 'hours'],
    [{ hours: null }, 'hours'],
    [{ hours: 1e9 }, 'hours'],
    [{ decision: 'banana' }, 'decision'],
    [{ by: 'eve' }, 'by'],
  ] as const) {
    const { status, text } = await send(folder, '/api/v1/orders/impose', { ...body, ...wrong })
    assert.equal(status, 400, text)
    assert.equal((JSON.parse(text) as { error: { field: string } }).error.field, field)
  }
  const decisions = await send(folder, '/api/v1/decisions', undefined)
  assert.deepEqual(JSON.parse(decisions.text), [])
  assert.equal((await send(folder, '/api/orders', { order: body })).status, 404)
  assert.equal((await send(folder, '/api/incidents', undefined)).status, 404)
  const document = await send(folder, '/api/v1/openapi.json', undefined)
  assert.match(document.text, /"\/api\/v1\/orders\/impose"/)
})

test('how a command ended: done, not so, misused, nobody there; for programs in JSON', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const { folder } = served
  const impose = ['incident', 'impose', 'line:10017', 'isolate', '--why', 'a test']
  const done = await cordon(folder, ...impose, '--hours', '2d', '--json')
  assert.equal(done.code, 0, done.output)
  const outcome = JSON.parse(done.output) as { done: boolean; text: string }
  assert.equal(outcome.done, true)
  assert.match(outcome.text, /^isolate on line:10017 for 48 h/)
  const given = await cordon(
    folder,
    'order',
    'impose',
    'subject=login:nobody',
    'decision=hold',
    'hours:=1',
    'why=x',
  )
  assert.equal(given.code, 1)
  assert.match(given.output, /There is no login nobody/)
  const refused = await cordon(folder, 'queue', 'release', 'NOTHING', '--json')
  assert.equal(refused.code, 1)
  assert.deepEqual(JSON.parse(refused.output), {
    error: { code: 'not-so', message: 'There is no held message NOTHING.' },
  })
  const secret = await cordon(
    folder,
    'app-password',
    'add',
    'anna@isp.example',
    '--label',
    'x',
    '--json',
  )
  assert.ok((JSON.parse(secret.output) as { secret: string }).secret.length > 10)
  for (const words of [
    ['queue', 'purge', '--login', 'anna@isp.example', '--evidence', 'much'],
    ['app-password', 'add', 'anna@isp.example', '--label', 'x', '--scope', 'send,fly'],
    ['app-password', 'add', 'anna@isp.example'],
    ['order', 'impose', 'hours:=many'],
    ['banana'],
  ])
    assert.equal((await cordon(folder, ...words)).code, 2, words.join(' '))
  await served.stop()
  const nobody = await run(process.execPath, [CLI, 'queue', '--data', folder])
  assert.match(nobody.output, /no Cordon answers/)
  assert.equal(nobody.code, 69)
  assert.equal((await run(process.execPath, [CLI, 'serve', '--config', '/nowhere.yaml'])).code, 78)
  assert.equal((await run(process.execPath, [CLI, '--help'])).code, 0)
})
