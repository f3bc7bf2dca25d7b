// A reload, and a start, follow the file: who or what is not in it any more is taken out, a changed password is in force, and what others
// told of stays.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { cordon, type Served, serve, startServer } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const hash = (password: string) => hashPassword(password, { memory: 8, passes: 1 })

type CustomersInConfig = { readonly anna: string; readonly bert?: string; readonly sink?: boolean }

const configOf = ({ anna, bert, sink = true }: CustomersInConfig) => `
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
leaseSkew: 0s
listeners:
  - { kind: submission, port: 0 }
  - { kind: inbound, port: 0 }
mailboxes: [lost@isp.example${sink ? ', sink@isp.example' : ''}]
forwards:
  jobs@isp.example: [lost@isp.example]
${sink ? '  help@isp.example: [lost@isp.example]\n' : ''}leases:
  - { prefix: 127.0.0.1, subscriber: anna }
${bert === undefined ? '' : '  - { prefix: 127.0.0.2, subscriber: bert }\n'}subscribers:
  - { id: anna, logins: [{ name: anna@isp.example, passwordHash: ${anna} }] }
${bert === undefined ? '' : `  - { id: bert, logins: [{ name: bert@isp.example, passwordHash: ${bert} }] }\n`}`

async function login(port: number, name: string, password: string): Promise<string> {
  const session = await talk(port)
  await session.say('EHLO mx.meadow.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO mx.meadow.example\r\n')
  const plain = Buffer.from(`\0${name}\0${password}`).toString('base64')
  const reply = await session.say(`AUTH PLAIN ${plain}\r\n`)
  session.end()
  return reply.slice(0, 3)
}

async function rcpt(port: number, to: string): Promise<string> {
  const session = await talk(port, '127.0.0.7')
  await session.say('EHLO mx.meadow.example\r\n')
  await session.say('MAIL FROM:<a@meadow.example>\r\n')
  const reply = await session.say(`RCPT TO:<${to}>\r\n`)
  session.end()
  return reply.slice(0, 3)
}

const told = async (served: Pick<Served, 'folder'>, ...words: readonly string[]) =>
  (await cordon(served.folder, ...words)).output

test('who is gone from the file is gone at a reload, a changed password is in force, and a feed’s customers stay', async t => {
  const [old, fresh] = [await hash('old secret'), await hash('new secret')]
  const served = await serve(configOf({ anna: old, bert: old }))
  t.after(served.stop)
  const [submission = 0, inbound = 0] = served.ports
  const file = join(served.folder, 'cordon.yaml')
  const head = `dataFolder: ${join(served.folder, 'data')}\nhttp: { console: { port: 0 }, portal: { port: 0 } }\nlog: silent\n`
  const csv = join(served.folder, 'customers.csv')
  writeFileSync(csv, 'id,logins\ncarl,carl@isp.example\n')
  const imported = await told(served, 'subscriber', 'import', csv, '--keep', 'anna,bert')
  assert.match(imported, /^1 new, 0 changed/)
  assert.equal(await login(submission, 'bert@isp.example', 'old secret'), '235')
  assert.equal(await rcpt(inbound, 'sink@isp.example'), '250')
  const session = await talk(submission)
  await session.say('EHLO mx.meadow.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO mx.meadow.example\r\n')
  const plain = Buffer.from('\0bert@isp.example\0old secret').toString('base64')
  assert.match(await session.say(`AUTH PLAIN ${plain}\r\n`), /^235/)

  writeFileSync(file, head + configOf({ anna: fresh, sink: false }))
  const done = await cordon(served.folder, 'reload')
  assert.equal(done.code, 0, done.output)
  assert.match(done.output, /^subscribers: \+0 −1, 1 changed/m)

  const check = async (ports: readonly number[]) => {
    const [out = 0, into = 0] = ports
    assert.equal(await login(out, 'anna@isp.example', 'new secret'), '235')
    assert.equal(await login(out, 'anna@isp.example', 'old secret'), '535')
    assert.equal(await login(out, 'bert@isp.example', 'old secret'), '535')
    assert.equal(await rcpt(into, 'sink@isp.example'), '550')
    assert.equal(await rcpt(into, 'help@isp.example'), '550')
    assert.equal(await rcpt(into, 'bert@isp.example'), '550')
    assert.equal(await rcpt(into, 'lost@isp.example'), '250')
    const customers = await told(served, 'subscriber', 'list')
    assert.match(customers, /^anna /m)
    assert.match(customers, /^carl /m)
    assert.doesNotMatch(customers, /^bert /m)
    assert.match(await told(served, 'who', '127.0.0.2'), /nobody|no customer|unknown/i)
  }
  await check(served.ports)
  await assert.rejects(async () => {
    // What is said in between is read, or the connection is over already.
    await session.say('MAIL FROM:<bert@isp.example>\r\n')
    await session.say('RCPT TO:<lost@isp.example>\r\n')
  })

  // The same at a start.
  await served.end()
  writeFileSync(file, head + configOf({ anna: old, bert: fresh }))
  const first = await startServer(file)
  const portsOf = (said: string) =>
    [...said.matchAll(/^\S+ on \S+ port (\d+)$/gm)].map(match => Number(match[1]))
  assert.equal(await login(portsOf(first.said)[0] ?? 0, 'bert@isp.example', 'new secret'), '235')
  const over = new Promise(resolve => first.server.once('exit', resolve))
  first.server.kill('SIGTERM')
  await over
  writeFileSync(file, head + configOf({ anna: fresh, sink: false }))
  const second = await startServer(file)
  t.after(() => second.server.kill('SIGTERM'))
  await check(portsOf(second.said))
})

test('a login of two customers is refused, by the file and by an import, and both are named', async t => {
  const secret = await hash('a secret')
  const served = await serve(configOf({ anna: secret }))
  t.after(served.stop)
  const csv = join(served.folder, 'customers.csv')
  const take = () => told(served, 'subscriber', 'import', csv, '--keep', 'anna')
  writeFileSync(csv, 'id,logins\ncarl,anna@isp.example\n')
  assert.match(
    await take(),
    /gives anna@isp\.example to customer carl, and it is an address of customer anna\. Nothing was changed/,
  )
  writeFileSync(csv, 'id,logins\ncarl,c@isp.example\ndora,c@isp.example\n')
  assert.match(await take(), /c@isp\.example to customer dora, .* of customer carl/)
  writeFileSync(csv, 'id,logins\ncarl,bert@isp.example\n')
  assert.match(await take(), /^1 new/)
  const file = join(served.folder, 'cordon.yaml')
  const head = `dataFolder: ${join(served.folder, 'data')}\nhttp: { console: { port: 0 }, portal: { port: 0 } }\nlog: silent\n`
  writeFileSync(file, head + configOf({ anna: secret, bert: secret }))
  const reload = await cordon(served.folder, 'reload')
  assert.equal(reload.code, 78, reload.output)
  assert.match(
    reload.output,
    /bert@isp\.example is an address of customer carl already, and would be one of customer bert[^]*Nothing was changed/,
  )
  assert.match(await told(served, 'subscriber', 'list'), /^carl /m)
})
