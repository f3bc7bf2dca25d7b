import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimOf } from '../../../test/support/claim-of.ts'
import { jobsOf } from './job.ts'
import type { Hop } from './hop.ts'
import type { Route } from './routes.ts'

const hop: Hop = { host: 'relay', port: 25, protocol: 'smtp', tls: 'opportunistic' }
const hops = (destination: string): Route => ({ kind: 'hops', destination, hops: [hop] })
const mailbox = (name: string): Route => ({ kind: 'mailbox', destination: 'mailboxes', name, hop })

const trips = (routes: Readonly<Record<string, Route>>) =>
  jobsOf(claimOf(Object.keys(routes)), new Map(Object.entries(routes))).map(job =>
    job.recipients.map(one => one.address),
  )

test('one trip for each destination', () => {
  assert.deepEqual(trips({ 'a@x': hops('x'), 'b@y': hops('y'), 'c@x': hops('x') }), [
    ['a@x', 'c@x'],
    ['b@y'],
  ])
})

test('one trip for each mailbox, and an alias of it rides along: no customer gets the mail of another', () => {
  assert.deepEqual(
    trips({ 'anna@i': mailbox('anna'), 'bert@i': mailbox('bert'), 'anna.ek@i': mailbox('anna') }),
    [['anna@i', 'anna.ek@i'], ['bert@i']],
  )
})

test('more recipients than every server takes go in several trips', () => {
  const all = Array.from({ length: 250 }, (_, i) => [`a${i}@x`, hops('x')] as const)
  assert.deepEqual(
    trips(Object.fromEntries(all)).map(trip => trip.length),
    [100, 100, 50],
  )
})

test('a mailbox and its alias get one copy, whatever each asked for', () => {
  const { recipients, ...rest } = claimOf(['Anna@i', 'anna.ek@i', 'bert@i'])
  const asking = recipients.map(one => ({
    ...one,
    esmtp: { original: `rfc822;${one.address}` },
  }))
  const routes = new Map(
    asking.map(one => [one.address, mailbox(one.address === 'bert@i' ? 'bert' : 'anna')]),
  )
  const jobs = jobsOf({ ...rest, recipients: asking }, routes)
  assert.deepEqual(
    jobs.map(job => job.recipients.map(one => one.address)),
    [['Anna@i', 'anna.ek@i'], ['bert@i']],
  )
})

test('a mailbox gets one copy, however many of its addresses a message goes to', () => {
  const all = Array.from({ length: 150 }, (_, i) => [`anna+${i}@i`, mailbox('anna')] as const)
  assert.deepEqual(
    trips(Object.fromEntries(all)).map(trip => trip.length),
    [150],
  )
})
