// The answers of the list, one question each, as RFC 5782, 2308, 8020, 8482 and 6891 want them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerIn, type AskedOfDns, questionOf } from '../../../test/support/dns-question.ts'
import { parsePrefix, type Prefix } from '../../model/ip.ts'
import { PrefixTable, placeOf } from '../../model/prefix-table.ts'
import { ListZone } from './list-zone.ts'
import { DROP, Query, RCODE } from './query.ts'
import { DnsReply } from './reply.ts'

const table = (...entries: readonly (readonly [prefix: string, code: number])[]) => {
  const made = new PrefixTable()
  for (const [text, code] of entries)
    made.put({
      ...placeOf(parsePrefix(text) as Prefix),
      code,
      since: 1,
      reference: [0xab, 0xcd],
    })
  return made.buffer
}
const settings = {
  zone: 'dnsbl.isp.example',
  nameServers: ['ns1.isp.example', 'ns2.isp.example'],
  contact: 'postmaster.isp.example',
  ttl: 60,
  page: 'https://help.isp.example/why/',
  provider: 'ISP',
}
const zone = new ListZone(settings, {
  infected: table(
    ['192.0.2.7', 2],
    ['198.51.100.0/29', 4],
    ['2001:db8:17::/56', 4],
    ['127.0.0.1', 2],
  ),
  consumers: table(['203.0.113.0/24', 10]),
  exempt: table(['203.0.113.9', 10]),
  domains: ['rogue.example'],
  serial: 2026,
})
function ask(name: string, asked: AskedOfDns = {}) {
  const [query, reply, bytes] = [new Query(), new DnsReply(), questionOf(name, asked)]
  const read = query.read(bytes, bytes.length)
  assert.notEqual(read, DROP)
  reply.begin(query, bytes)
  const rcode = read === RCODE.noError ? zone.answer(query, bytes, reply) : read
  return answerIn(Buffer.from(reply.bytes.subarray(0, reply.finish(query, rcode, query.size))))
}
const SOA = ['dnsbl.isp.example SOA 60 minimum 60']
const nibbles = (hex: string) => hex.split('').toReversed().join('.')
const V6 = (hex: string) => `${nibbles(hex.replaceAll(':', ''))}.infected.dnsbl.isp.example`

test('a listed address has its code, and a page without a name of a customer', () => {
  const { answers, rcode, authoritative, id } = ask('7.2.0.192.infected.dnsbl.isp.example')
  assert.deepEqual([answers, rcode, authoritative, id], [['A 60 127.0.0.2'], 0, true, 0x1234])
  assert.deepEqual(ask('7.2.0.192.infected.dnsbl.isp.example', { type: 16 }).answers, [
    'TXT 60 https://help.isp.example/why/000000ab000000cd',
  ])
  assert.deepEqual(ask('5.100.51.198.infected.dnsbl.isp.example').answers, ['A 60 127.0.0.4'])
})

test('an address that is not listed does not exist, with the SOA that says for how long', () => {
  for (const name of [
    '8.2.0.192',
    '8.100.51.198',
    '1.0.0.127',
    '9.9.0.127',
    'www',
    '256.2.0.192',
    '07.2.0.192',
    '1.7.2.0.192',
  ]) {
    const { rcode, answers, authorities } = ask(`${name}.infected.dnsbl.isp.example`)
    assert.deepEqual([name, rcode, answers], [name, 3, []])
    assert.deepEqual(authorities, SOA)
  }
})

test('what has something below it exists: a resolver that asks label by label finds the entry', () => {
  const listed = V6('2001:0db8:0017:0000:1111:2222:3333:4444')
  assert.deepEqual(ask(listed).answers, ['A 60 127.0.0.4'])
  for (const name of [
    listed,
    '7.2.0.192.infected.dnsbl.isp.example',
    'a.rogue.example.domains.dnsbl.isp.example',
  ]) {
    const labels = name.split('.')
    for (let i = 1; i <= labels.length - 3; i++)
      assert.equal(ask(labels.slice(i).join('.')).rcode, 0, labels.slice(i).join('.'))
  }
  // Four nibbles may be four octets as well.
  assert.equal(ask('8.b.d.0.1.0.0.2.infected.dnsbl.isp.example').rcode, 0)
  assert.equal(ask('1.0.0.2.infected.dnsbl.isp.example').rcode, 0)
})

test('an IPv6 prefix is listed for every address in it and for none beside it', () => {
  assert.deepEqual(ask(V6('2001:0db8:0017:00ff:0000:0000:0000:0001')).answers, ['A 60 127.0.0.4'])
  assert.equal(ask(V6('2001:0db8:0017:0100:0000:0000:0000:0001')).rcode, 3)
  assert.deepEqual(ask(V6('2001:0DB8:0017:00FF:0000:0000:0000:0001')).answers, ['A 60 127.0.0.4'])
})

test('the test entries of RFC 5782 are there, and those that must not be are not', () => {
  assert.deepEqual(ask('2.0.0.127.infected.dnsbl.isp.example').answers, ['A 60 127.0.0.2'])
  assert.deepEqual(ask('2.0.0.127.consumers.dnsbl.isp.example').answers, ['A 60 127.0.0.10'])
  assert.equal(ask('1.0.0.127.infected.dnsbl.isp.example').rcode, 3)
  assert.deepEqual(ask(V6('0000:0000:0000:0000:0000:FFFF:7F00:0002')).answers, ['A 60 127.0.0.2'])
  assert.equal(ask(V6('0000:0000:0000:0000:0000:FFFF:7F00:0001')).rcode, 3)
  assert.deepEqual(ask('test.domains.dnsbl.isp.example').answers, ['A 60 127.0.0.16'])
  assert.equal(ask('invalid.domains.dnsbl.isp.example').rcode, 3)
  // The zone without a part is no list, and must not look like one that never has a hit.
  assert.equal(ask('2.0.0.127.dnsbl.isp.example').rcode, 3)
})

test('other types of a listed address are empty, not absent, and ANY gets one record', () => {
  for (const type of [28, 65, 2, 15, 6]) {
    const { rcode, answers, authorities } = ask('7.2.0.192.infected.dnsbl.isp.example', { type })
    assert.deepEqual([type, rcode, answers, authorities], [type, 0, [], SOA])
  }
  assert.deepEqual(ask('7.2.0.192.infected.dnsbl.isp.example', { type: 255 }).answers, [
    'A 60 127.0.0.2',
  ])
})

test('the case of the question comes back as it was asked', () => {
  const { name, answers, authorities } = ask('7.2.0.192.iNFected.DNSbl.Isp.eXample')
  assert.deepEqual(
    [name, answers, authorities],
    ['7.2.0.192.iNFected.DNSbl.Isp.eXample', ['A 60 127.0.0.2'], []],
  )
})

test('what is not of the zone is refused, never answered with an address', () => {
  for (const name of [
    '7.2.0.192.infected.dnsbl.other.example',
    'isp.example',
    'xdnsbl.isp.example',
    'example',
    '',
  ]) {
    const { rcode, answers, authorities, authoritative } = ask(name)
    assert.deepEqual([name, rcode, answers, authorities, authoritative], [name, 5, [], [], false])
  }
  assert.equal(ask('2.0.0.127.infected.dnsbl.isp.example', { class: 3 }).rcode, 5)
  assert.equal(ask('dnsbl.isp.example', { type: 252 }).rcode, 5)
})

test('the zone says who serves it', () => {
  assert.deepEqual(ask('dnsbl.isp.example', { type: 2 }).answers, [
    'NS 3600 ns1.isp.example',
    'NS 3600 ns2.isp.example',
  ])
  assert.deepEqual(ask('dnsbl.isp.example', { type: 6 }).answers, ['SOA 3600 minimum 60'])
  assert.deepEqual(ask('dnsbl.isp.example').authorities, SOA)
  assert.equal(ask('elsewhere.dnsbl.isp.example').rcode, 3)
})

test('a consumer line is on the list of consumers, and a mail server within the range is not', () => {
  assert.deepEqual(ask('8.113.0.203.consumers.dnsbl.isp.example').answers, ['A 60 127.0.0.10'])
  assert.equal(ask('9.113.0.203.consumers.dnsbl.isp.example').rcode, 3)
  assert.equal(ask('8.113.0.203.infected.dnsbl.isp.example').rcode, 3)
})

test('a domain is listed with all below it, and not what only looks like it', () => {
  assert.deepEqual(ask('rogue.example.domains.dnsbl.isp.example').answers, ['A 60 127.0.0.16'])
  assert.deepEqual(ask('A.Rogue.example.domains.dnsbl.isp.example').answers, ['A 60 127.0.0.16'])
  assert.equal(ask('norogue.example.domains.dnsbl.isp.example').rcode, 3)
  assert.equal(ask('example.domains.dnsbl.isp.example').rcode, 0)
})

test('EDNS is answered with EDNS, another version with BADVERS, and no client gets more than it takes', () => {
  assert.equal(ask('2.0.0.127.infected.dnsbl.isp.example').edns, false)
  assert.equal(ask('2.0.0.127.infected.dnsbl.isp.example', { size: 1232 }).edns, true)
  const bad = ask('2.0.0.127.infected.dnsbl.isp.example', { size: 1232, version: 1 })
  assert.deepEqual([bad.rcode, bad.edns, bad.answers], [0, true, []])
})
