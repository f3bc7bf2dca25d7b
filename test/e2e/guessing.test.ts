// Sixty who guess at the same time, over real sockets at the SMTP door and at the portal: no more of them get through than if they
// came one after the other, and whoever is at home, or where they were before, does not notice.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const hash = await hashPassword('a password', { memory: 8, passes: 1 })
const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
connections: { perAddress: 200 }
listeners: [{ kind: submission, port: 0 }]
http: { console: { port: 0 }, portal: { port: 0, proxies: [127.0.0.1] } }
leases: [{ prefix: 127.0.0.7/32, subscriber: anna }, { prefix: 127.18.0.0/16, subscriber: campus }]
subscribers:
  - id: anna
    portalPasswordHash: "${hash}"
    logins: [{ name: anna@isp.example, passwordHash: "${hash}" }]
  - id: campus
    plan: site
    logins: [{ name: prof@isp.example, passwordHash: "${hash}" }]
  - id: bert
    portalPasswordHash: "${hash}"
    logins: [{ name: bert@isp.example, passwordHash: "${hash}" }]
  - id: carl
    portalPasswordHash: "${hash}"
    logins: [{ name: carl@isp.example, passwordHash: "${hash}" }]
`)
after(served.stop)
const portal = new URL(/portal on (\S+)/.exec(served.said)?.[1] ?? '')

const SIXTY = Array.from({ length: 60 }, (_, i) => i)

/** The code of the reply to AUTH PLAIN, after STARTTLS. */
async function login(from: string, name: string, password: string): Promise<string> {
  const session = await talk(served.ports[0] ?? 0, from)
  await session.say('EHLO client.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO client.example\r\n')
  const plain = Buffer.from(`\0${name}\0${password}`).toString('base64')
  const reply = await session.say(`AUTH PLAIN ${plain}\r\n`)
  session.end()
  return reply.slice(0, 9)
}

type PortalVisit = { readonly from?: string; readonly forwarded?: string }

/** Status and Retry-After of a login at the portal. */
function visit(
  customer: string,
  password: string,
  { from = '127.0.0.1', forwarded }: PortalVisit,
): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: portal.hostname,
        port: portal.port,
        path: '/login',
        method: 'POST',
        localAddress: from,
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          ...(forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }),
        },
      },
      answer => {
        answer.resume()
        const retryAfter = answer.headers['retry-after']
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, retryAfter }))
      },
    )
    asking.on('error', reject)
    asking.end(new URLSearchParams({ customer, password }).toString())
  })
}

const countOf = <T>(all: readonly T[], one: T) => all.filter(other => other === one).length

test('sixty at once at the portal, and sixty at once by SMTP', async () => {
  // By a proxy: one address has no sixty connections.
  const visits = await Promise.all(
    SIXTY.map(i => visit('anna', `guess ${i}`, { forwarded: '127.0.0.9' })),
  )
  const statuses = visits.map(({ status }) => status)
  assert.deepEqual([countOf(statuses, 401), countOf(statuses, 429)], [15, 45])
  const stopped = visits.find(({ status }) => status === 429)
  const seconds = Number(stopped?.retryAfter)
  assert.ok(seconds > 0 && seconds <= 900, `Retry-After: ${stopped?.retryAfter}`)

  const replies = await Promise.all(
    SIXTY.map(i => login('127.0.0.9', 'anna@isp.example', `guess ${i}`)),
  )
  assert.deepEqual([countOf(replies, '535 5.7.8'), countOf(replies, '454 4.7.0')], [15, 45])
  // The right one is not looked at from there, so nobody learns that it is.
  assert.equal(await login('127.0.0.9', 'anna@isp.example', 'a password'), '454 4.7.0')
})

test('a neighbour in the same /24 guesses, and the owner logs in from the own line', async () => {
  await Promise.all(SIXTY.map(i => login('127.0.0.8', 'anna@isp.example', `guess ${i}`)))
  assert.equal(await login('127.0.0.7', 'anna@isp.example', 'a password'), '235 2.7.0')
  assert.equal((await visit('anna', 'a password', { from: '127.0.0.7' })).status, 303)
})

test('one of the people of a campus guesses, and the others log in at their desks and at new ones', async () => {
  assert.equal(await login('127.18.77.7', 'prof@isp.example', 'a password'), '235 2.7.0')
  const attempts = Array.from({ length: 80 }, (_, i) => i)
  await Promise.all(attempts.map(i => login('127.18.3.4', 'prof@isp.example', `guess ${i}`)))
  assert.equal(await login('127.18.3.4', 'prof@isp.example', 'a password'), '454 4.7.0')
  assert.equal(await login('127.18.77.7', 'prof@isp.example', 'a password'), '235 2.7.0')
  assert.equal(await login('127.18.200.1', 'prof@isp.example', 'a password'), '235 2.7.0')
})

test('a login is open where its owner logged in before, however many networks guess', async () => {
  assert.equal(await login('127.0.5.5', 'bert@isp.example', 'a password'), '235 2.7.0')
  assert.equal((await visit('bert', 'a password', { forwarded: '2001:db8:5::5' })).status, 303)
  const networks = Array.from({ length: 8 }, (_, i) => `127.0.${100 + i}.9`)
  for (const network of networks)
    await Promise.all(SIXTY.slice(0, 15).map(i => login(network, 'bert@isp.example', `guess ${i}`)))
  await Promise.all(SIXTY.map(i => visit('bert', `guess ${i}`, { forwarded: '2001:db8:5:1::9' })))
  assert.equal(await login('127.0.108.9', 'bert@isp.example', 'a password'), '454 4.7.0')
  assert.equal(await login('127.0.5.5', 'bert@isp.example', 'a password'), '235 2.7.0')
  assert.equal((await visit('bert', 'a password', { forwarded: '2001:db8:5::77' })).status, 303)
})

test('one source and many logins; and the addresses of one /64 are one source', async () => {
  const many = await Promise.all(
    Array.from({ length: 70 }, (_, i) => login('127.0.9.9', `user${i}@isp.example`, 'Summer2026')),
  )
  assert.deepEqual([countOf(many, '535 5.7.8'), countOf(many, '454 4.7.0')], [60, 10])
  const visits = await Promise.all(
    SIXTY.map(i => visit('carl', `guess ${i}`, { forwarded: `2001:db8:9::${i + 1}` })),
  )
  const statuses = visits.map(({ status }) => status)
  assert.deepEqual([countOf(statuses, 401), countOf(statuses, 429)], [15, 45])
})
