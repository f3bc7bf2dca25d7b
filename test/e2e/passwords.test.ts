// Where passwords are known and how they are said: SCRAM with msmtp, OpenLDAP, and passwords for single programs.

import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeVerifier } from '../../src/drivers/credentials/scram-hash.ts'
import { passwordLdap } from '../../src/drivers/credentials/password-ldap.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { CLI } from '../support/program.ts'
import { type Served, run, serve } from '../support/serve.ts'
import { slapd } from '../support/slapd.ts'
import { talk } from '../support/smtp-talk.ts'

const cordon = (...args: string[]) => run(process.execPath, [CLI, ...args])

const config = `
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
listeners: [{ kind: submission, port: 0 }]
`

const subscriber = (hash: string) =>
  `subscribers: [{ id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]\n`

/** The reply to AUTH PLAIN, after STARTTLS. */
async function login(served: Served, name: string, password: string) {
  const session = await talk(served.ports[0] ?? 0)
  await session.say('EHLO client.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO client.example\r\n')
  const plain = Buffer.from(`\0${name}\0${password}`).toString('base64')
  return { reply: await session.say(`AUTH PLAIN ${plain}\r\n`), session }
}

async function reply(served: Served, name: string, password: string): Promise<string> {
  const { reply, session } = await login(served, name, password)
  session.end()
  return reply.slice(0, 3)
}

async function msmtp(served: Served, auth: string, password: string) {
  const file = join(served.folder, 'msmtprc')
  writeFileSync(
    file,
    `account default
host 127.0.0.1
port ${served.ports[0]}
tls on
tls_starttls on
tls_certcheck off
auth ${auth}
user anna@isp.example
password "${password}"
from anna@isp.example
`,
  )
  chmodSync(file, 0o600)
  return run('msmtp', ['-C', file, 'friend@elsewhere.example'], 'Subject: scram\n\nhello\n')
}

test('msmtp proves its password (SCRAM-SHA-256), and nobody else can', async t => {
  const verifier = await makeVerifier('a password', 4096)
  const served = await serve(`${config}passwords: { scram: true }\n${subscriber(verifier)}`)
  t.after(served.stop)
  const right = await msmtp(served, 'scram-sha-256', 'a password')
  assert.equal(right.code, 0, right.output)
  assert.notEqual((await msmtp(served, 'scram-sha-256', 'a passwort')).code, 0)
  // Whoever says the password still may.
  assert.equal((await msmtp(served, 'plain', 'a password')).code, 0)
  assert.notEqual((await msmtp(served, 'plain', 'a passwort')).code, 0)
  assert.equal(await reply(served, 'carl@isp.example', 'a password'), '535')
})

test('an unknown name is told a salt that does not change, and the iterations of the others', async t => {
  const served = await serve(
    `${config}passwords: { scram: true }\n${subscriber(await makeVerifier('a password', 5000))}`,
  )
  t.after(served.stop)
  const saltOf = async (name: string) => {
    const session = await talk(served.ports[0] ?? 0)
    await session.say('EHLO client.example\r\n')
    await session.say('STARTTLS\r\n')
    await session.secure()
    await session.say('EHLO client.example\r\n')
    const first = Buffer.from(`n,,n=${name},r=x`).toString('base64')
    const said = await session.say(`AUTH SCRAM-SHA-256 ${first}\r\n`)
    session.end()
    return Buffer.from(said.slice(4), 'base64')
      .toString()
      .replace(/^[^,]*,/, '')
  }
  const [anna, carl, again, dora] = [
    await saltOf('anna@isp.example'),
    await saltOf('carl@isp.example'),
    await saltOf('Carl@isp.example'),
    await saltOf('dora@isp.example'),
  ]
  assert.match(anna, /^s=.{24},i=5000$/)
  assert.match(carl, /^s=.{24},i=5000$/)
  assert.equal(carl, again)
  assert.notEqual(carl, dora)
})

test('a directory: OpenLDAP over STARTTLS, by the name of the entry and by a search', async t => {
  const directory = await slapd()
  t.after(directory.stop)
  const said: string[] = []
  const trouble = (error: unknown) => void said.push(String(error))
  const url = `ldap://127.0.0.1:${directory.port}`
  const common = { url, startTls: true, certificate: directory.certificate, timeout: 2000 }
  const byName = passwordLdap({ ...common, dn: 'cn={user},ou=people,dc=isp,dc=example' }, trouble)
  const search = {
    base: 'ou=people,dc=isp,dc=example',
    filter: '(mail={login})',
    bindDn: 'cn=search,dc=isp,dc=example',
    password: 'search',
  }
  const bySearch = passwordLdap({ ...common, search }, trouble)
  assert.equal(await byName.check('anna@isp.example', 'a password'), true)
  assert.equal(await byName.check('anna@isp.example', 'a passwort'), false)
  assert.equal(await byName.check('anna@isp.example', ''), false, 'an empty password is nobody')
  assert.equal(await bySearch.check('bert@isp.example', 'another one'), true)
  assert.equal(await bySearch.check('bert@isp.example', 'a password'), false)
  assert.equal(await bySearch.check('carl@isp.example', 'another one'), undefined)
  // Neither a star nor a comma means anything in a login.
  assert.equal(await bySearch.check('*@isp.example', 'a password'), undefined)
  assert.equal(await byName.check('anna,ou=people@isp.example', 'a password'), false)
  assert.deepEqual(said, [])
  // What is wrong on our side locks nobody out for good: they are asked to come back.
  const wrong = passwordLdap({ ...common, search: { ...search, password: 'x' } }, trouble)
  assert.equal(await wrong.check('bert@isp.example', 'another one'), 'busy')
  const unverified = passwordLdap(
    { url, startTls: true, timeout: 2000, dn: 'cn={user},dc=example' },
    trouble,
  )
  assert.equal(await unverified.check('anna@isp.example', 'a password'), 'busy')
  assert.equal(said.length, 2)
  assert.match(said[1] ?? '', /self.signed/i)

  const served = await serve(`${config}
passwords: { ldap: { url: "${url}", certificate: ${directory.certificate}, dn: "cn={user},ou=people,dc=isp,dc=example" } }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
`)
  t.after(served.stop)
  assert.equal(await reply(served, 'anna@isp.example', 'a password'), '235')
  assert.equal(await reply(served, 'anna@isp.example', 'a passwort'), '535')
  await directory.stop()
  assert.equal(await reply(served, 'anna@isp.example', 'a passwort'), '454')
  assert.equal(await reply(served, 'anna@isp.example', 'a password'), '235', 'not remembered')
})

test('a password for one program: made, used, good for nothing else, taken back, gone with the main one', async t => {
  const hash = await hashPassword('a password', { memory: 8, passes: 1 })
  const served = await serve(config + subscriber(hash))
  t.after(served.stop)
  const data = ['--data', join(served.folder, 'data')]
  const make = async (scope: string) => {
    const add = ['app-password', 'add', 'anna@isp.example', '--label', 'printer', '--scope', scope]
    const made = await cordon(...add, ...data)
    assert.equal(made.code, 0, made.output)
    return made.output.trim().split('\n').at(-1) ?? ''
  }
  const [send, read] = [await make('send'), await make('read')]
  assert.match(send, /^[0-9a-z]{5}(?:-[0-9a-z]{5}){3}$/)
  const { reply: welcome, session } = await login(served, 'anna@isp.example', send)
  assert.match(welcome, /^235/)
  assert.equal(
    await reply(served, 'anna@isp.example', send.replaceAll('-', '').toUpperCase()),
    '235',
  )
  assert.equal(await reply(served, 'anna@isp.example', read), '535')
  assert.equal(await reply(served, 'anna@isp.example', 'a password'), '235')
  const { output: shown } = await cordon('subscriber', 'show', '1', ...data)
  const ids = [...shown.matchAll(/^program .* (?:send|read), id (\S+)$/gm)].map(match => match[1])
  assert.equal(ids.length, 2, shown)
  const removed = await cordon('app-password', 'remove', ids[0] ?? '', ...data)
  assert.match(removed.output, /The password for printer \(anna@isp\.example\) is gone/)
  assert.match(await session.say('NOOP\r\n').catch(String), /^421|ended/)
  assert.equal(await reply(served, 'anna@isp.example', send), '535')
  // The secret is in no file.
  const { output: found } = await run('grep', ['-rlaF', send, served.folder])
  assert.equal(found, '')
})
