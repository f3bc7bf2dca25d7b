import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from './load.ts'
import { warnings } from './warnings.ts'

const FILE = `
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
nftables: [{ consumers: [203.0.113.0/24] }]
subscribers: [{ id: "1", logins: [{ name: bob@isp.example }] }]
forwards: { two@isp.example: [bob@isp.example], only@isp.example: [eve@isp.example] }
`

test('a forward to a login that a feed may tell of is no mistake; without a feed it is', () => {
  const fed = parseConfig(`${FILE}subscriberFeed: { csv: customers.csv }\n`)
  assert.deepEqual(warnings(fed), [
    'forwards.only@isp.example: eve@isp.example is not in this file: its mail is lost until subscriberFeed tells of such a login',
  ])
  assert.throws(
    () => parseConfig(FILE),
    /forwards\.only@isp\.example: eve@isp\.example is not there/,
  )
})

test('beside another server, letters that would lie where no program reads them', () => {
  const said = (more: string) =>
    warnings(
      parseConfig(
        `domains: [isp.example]\nnftables: [{ consumers: [203.0.113.0/24] }]\nmilter: { port: 0 }\n${more}`,
      ),
    )
  assert.match(said('')[0] ?? '', /isp\.example go into Maildirs .*mailboxStore: \{ host:/)
  assert.deepEqual(said('mailboxStore: { host: 127.0.0.1 }'), [])
  assert.deepEqual(said('mailboxStore: { host: 127.0.0.1, port: 24, protocol: lmtp }'), [])
  assert.deepEqual(said('listeners: [{ kind: inbound, port: 0 }]'), [])
})

test('domains where no mail comes in, and one that is written twice', () => {
  const said = (text: string) =>
    warnings(parseConfig(`nftables: [{ consumers: [203.0.113.0/24] }]\n${text}\n`))
  assert.deepEqual(said('domains: [isp.example]\nfirewallLog: { port: 0 }'), [
    'domains: there are some, and no listener, policyService or milter that mail for them could come in by; is the file whole?',
  ])
  assert.deepEqual(
    said('domains: [isp.example, ISP.example]\nlisteners: [{ kind: inbound, port: 0 }]'),
    ['domains #2: isp.example is written twice'],
  )
})

test('reports that go to everybody, to ourselves, or never to the second contact', () => {
  const said = (reports: string) =>
    warnings(
      parseConfig(
        `domains: [isp.example]\nlisteners: [{ kind: inbound, port: 0 }]\nnftables: [{ consumers: [203.0.113.0/24] }]\nfeedback: { reports: [${reports}] }\n`,
      ),
    ).join('\n')
  assert.equal(
    said(
      '{ networks: [198.51.100.0/24], contact: abuse@a.example }, { networks: [198.51.0.0/16], contact: abuse@b.example }',
    ),
    '',
  )
  for (const all of ['0.0.0.0/0', '::/0'])
    assert.ok(
      said(`{ networks: ["${all}"], contact: a@a.example }`).includes(`#1: ${all} is the whole`),
    )
  assert.match(
    said('{ networks: [198.51.100.0/24], contact: abuse@ISP.example }'),
    /reports #1: abuse@\S+ is an address here/i,
  )
  assert.match(
    said(
      '{ networks: [198.51.100.0/24], contact: a@a.example }, { networks: [198.51.100.0/24], contact: b@b.example }',
    ),
    /reports #2: 198\.51\.100\.0\/24 has a@a\.example .*: b@b\.example is told nothing/,
  )
})
