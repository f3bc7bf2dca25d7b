// Whatever a router, a NAT, Kea or a bot at a decoy says: nothing is thrown, nothing is invented, and a session with a decoy ends.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalIp, parsePrefix } from '../../src/model/ip.ts'
import { greeting, hear, over } from '../../src/sensors/decoy/dialog.ts'
import { TellerClock } from '../../src/wire/teller-clock.ts'
import { parseFirewallLine } from '../../src/sensors/firewall-log/firewall-log.ts'
import { parseFeed } from '../../src/sensors/flows/contact-list.ts'
import { columnsOf, KeaLeases, parseRow } from '../../src/sensors/kea/lease-rows.ts'
import { blockReader } from '../../src/sensors/nat-log/block-lines.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10) / 5
const AT = Date.UTC(2026, 0, 5)

const bounded = {
  numRuns: 10_000_000,
  interruptAfterTimeLimit: SECONDS * 1000,
  markInterruptAsFailure: false,
}
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 50 }))
/** A line with some of it cut out, doubled or replaced. */
const damaged = (made: fc.Arbitrary<string>) =>
  fc
    .record({
      made,
      at: fc.nat(400),
      length: fc.nat(30),
      put: fc.string({ maxLength: 8 }),
      hurt: fc.boolean(),
    })
    .map(({ made: text, at, length, put, hurt }) =>
      hurt ? text.slice(0, at) + put + text.slice(at + length) : text,
    )

test('lines of a firewall log', () => {
  const line = fc
    .record({
      src_ip: fc.oneof(address, fc.integer()),
      dest_ip: address,
      src_port: fc.oneof(fc.integer(), fc.string({ maxLength: 6 }), fc.constant(40_000)),
      dest_port: fc.oneof(fc.integer(), fc.constant(25)),
      'oob.prefix': fc.oneof(
        fc.constantFrom('cordon refused ', 'cordon passed', 'cordon decoy'),
        fc.string(),
      ),
      'ct.established': fc.anything(),
    })
    .map(value => JSON.stringify(value))
  let told = 0
  fc.assert(
    fc.property(damaged(line), text => {
      const event = parseFirewallLine(
        text,
        { realm: 'main', antiSpoofed: false },
        AT,
        new TellerClock(),
      )
      if (event?.kind !== 'egress-attempt') return
      told++
      assert.equal(canonicalIp(event.who.address), event.who.address)
      assert.equal(canonicalIp(event.destination), event.destination)
      assert.ok(event.port > 0 && event.port < 65_536 && (event.who.port ?? 0) > 0)
    }),
    bounded,
  )
  assert.ok(told > 20, `only ${told} lines were whole`)
})

test('lines of a NAT', () => {
  const read = blockReader({
    active: [],
    allocated: ['ALLOC: {inside} -> {outside}:{first}-{last}'],
    released: ['RELEASE: {inside} -> {outside}:{first}-{last}'],
  })
  const number = fc.oneof(fc.nat(70_000), fc.integer())
  const line = fc
    .tuple(fc.constantFrom('ALLOC', 'RELEASE', 'OTHER'), fc.ipV4(), fc.ipV4(), number, number)
    .map(
      ([what, inside, outside, first, last]) =>
        `<14>x: ${what}: ${inside} -> ${outside}:${first}-${last}`,
    )
  let told = 0
  fc.assert(
    fc.property(damaged(line), text => {
      const block = read(text)
      if (!block) return
      told++
      assert.ok(canonicalIp(block.inside) && canonicalIp(block.outside))
      assert.ok(block.ports[0] <= block.ports[1] && block.ports[1] < 65_536)
    }),
    bounded,
  )
  assert.ok(told > 20, `only ${told} lines were whole`)
})

test('rows of Kea', () => {
  const columns = columnsOf(
    'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id',
  )
  assert.ok(columns)
  const leases = new KeaLeases(
    'main',
    keys => (keys.includes('00:11:22:33:44:55') ? 'kd1' : undefined),
    () => [],
  )
  const row = fc
    .tuple(
      fc.ipV4(),
      fc.constantFrom('00:11:22:33:44:55', ''),
      fc.integer(),
      fc.integer(),
      fc.nat(3),
    )
    .map(
      ([ip, hardware, lifetime, expire, state]) =>
        `${ip},${hardware},,${lifetime},${expire},1,0,0,,${state},,0`,
    )
  fc.assert(
    fc.property(damaged(row), text => {
      const parsed = parseRow(text, columns)
      if (!parsed) return
      assert.ok(parsePrefix(parsed.prefix))
      for (const { lease } of leases.hear(parsed, AT))
        assert.ok((lease.to ?? lease.from) >= lease.from)
    }),
    bounded,
  )
})

test('what a bot says to a decoy', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'EHLO x',
      'HELO',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<d@e.f>',
      'DATA',
      'RSET',
      'QUIT',
      'AUTH PLAIN',
      'AUTH LOGIN',
      'AUTH',
      '',
      'NOOP',
    ),
    fc.string({ maxLength: 600, unit: 'binary-ascii' }),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), words => {
      let { dialog } = greeting('mx.example')
      for (const line of words) {
        const answer = hear(dialog, line)
        assert.match(answer.say, /^(?:[2-5]\d\d[ -][^\r\n]*\r\n)+$/)
        // No word of a client comes back in a reply.
        assert.ok(!line.includes('xyzzy') || !answer.say.includes('xyzzy'))
        assert.ok(answer.dialog.recipientDomains.length <= 20)
        dialog = answer.then === 'data' ? over(answer.dialog) : answer.dialog
      }
      assert.ok(dialog.lines <= words.length)
    }),
    bounded,
  )
  let { dialog } = greeting('mx.example')
  let lines = 0
  for (; lines < 10_000; lines++) {
    const answer = hear(dialog, 'NOOP')
    if (answer.then === 'close') break
    dialog = answer.dialog
  }
  assert.equal(lines, 2000)
})

test('feeds', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc
      .array(fc.oneof(address, fc.constant('192.0.2.0/24 ; SBL1'), fc.string({ maxLength: 30 })))
      .map(all => all.join('\n')),
    fc.jsonValue().map(value => JSON.stringify([value])),
  )
  fc.assert(
    fc.property(text, given => {
      try {
        const feed = parseFeed('feed', given)
        assert.ok(!feed.within(0x08_08_08_08) || given.includes('8.'))
      } catch (error) {
        // What is no list is said to be none; nothing else is thrown.
        assert.match((error as Error).message, /JSON|list/)
      }
    }),
    bounded,
  )
})
