import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { createJudge } from '../../engine/judging/judge.ts'
import type { Fact, SpfResult } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import { dynamicName, looksDynamic } from './dynamic-name.ts'
import { reverseDns } from './reverse-dns.ts'
import { spf } from './spf.ts'

const ADDRESS = '198.51.100.7'

test('names of lines, and names of servers', () => {
  const lines =
    'p198-51-100-7.dsl.example 7.100.51.198.pool.example c6336407.cable.example host198051100007.isp.example 7-100.adsl.town.example dyn-100-7.example user7.100.dhcp.example 198.51.100.7.bb.example'
  const servers =
    'mx.meadow.example mail-198-51-100-7.meadow.example static-198-51-100-7.isp.example host7.meadow.example smtp7.pool.example 100.meadow.example mta198-51-100-7.meadow.example dsl.meadow.example web100.example'
  for (const name of lines.split(' ')) assert.ok(looksDynamic(name, ADDRESS), name)
  for (const name of servers.split(' ')) assert.ok(!looksDynamic(name, ADDRESS), name)
  const six = '2001:db8:12:34:aaaa:bbbb:cccc:dddd'
  assert.ok(looksDynamic('aaaa-bbbb-cccc-dddd.v6.isp.example', six))
  assert.ok(looksDynamic('p2001db800120034aaaabbbbccccdddd.isp.example', six))
  assert.ok(!looksDynamic('mx.v6.isp.example', six))
})

test('all names must look so; SPF vouches; what is not known speaks for the sender', () => {
  const step = { client: { realm: 'main', address: ADDRESS, port: 25 } } as AttributedStep
  const said = (names: readonly string[], spf: SpfResult | undefined): string => {
    const facts: Fact[] = [
      { about: 'reverse-name', value: { names, confirmed: [] } },
      spf === undefined
        ? { about: 'spf', failed: 'timeout' }
        : { about: 'spf', value: { result: spf, domain: 'meadow.example' } },
    ]
    return dynamicName('enforce').decide(step, { facts, readings: [] })?.kind ?? 'accept'
  }
  const line = 'p198-51-100-7.dsl.example'
  assert.equal(said([line], 'none'), 'reject')
  assert.equal(said([line], 'softfail'), 'reject')
  assert.equal(said([line], 'pass'), 'accept')
  assert.equal(said([line], undefined), 'accept')
  assert.equal(said([line, 'mx.meadow.example'], 'none'), 'accept')
  assert.equal(said([], 'none'), 'accept', 'no name at all is another rule’s')
})

test('what two rules want to know of one step is asked once', async () => {
  const asked: string[] = []
  const judge = createJudge({
    rules: [reverseDns('observe', { confirmed: true }), dynamicName('observe'), spf('observe')],
    counters: new MemoryCounters(),
    lookups: {
      ask: async ({ about }) => {
        asked.push(about)
        return { about, failed: 'none' }
      },
    },
    report: () => undefined,
    leases: { holder: () => ({ sure: 'unknown' }) } as never,
    subscribers: { byLogin: () => undefined } as never,
    cases: { inForce: () => [] },
  })
  await judge.judge({
    session: 's',
    listener: 'inbound',
    stage: 'rcpt',
    at: 0,
    client: { realm: 'main', address: ADDRESS, port: 25 },
    tls: false,
    helo: 'mx.meadow.example',
    sender: 'ann@meadow.example',
    recipient: 'bert@isp.example',
  })
  assert.deepEqual(asked.toSorted(), ['reverse-name', 'spf'])
})
