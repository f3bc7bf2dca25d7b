// Whatever bytes come, the list answers the question that was asked, within what the client takes, or does not answer: nothing is thrown,
// an answer is never answered, and no address of another range than 127.0.0.0/8 is invented.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Answering, RESULTS } from '../../src/doors/dns/answering.ts'
import { parsePrefix, type Prefix } from '../../src/model/ip.ts'
import { PrefixTable, placeOf } from '../../src/model/prefix-table.ts'
import { answerIn, questionOf } from '../support/dns-question.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const MOST_UDP = 1232

const table = (...prefixes: readonly string[]) => {
  const made = new PrefixTable()
  for (const text of prefixes)
    made.put({ ...placeOf(parsePrefix(text) as Prefix), code: 2, since: 1, reference: [1, 2] })
  return made.buffer
}
const settings = {
  zone: 'l.isp.example',
  nameServers: Array.from(
    { length: 8 },
    (_, i) => `${'n'.repeat(60)}${i}.${'s'.repeat(63)}.isp.example`,
  ),
  contact: 'postmaster.isp.example',
  ttl: 60,
  page: 'https://help.isp.example/why/',
  provider: 'ISP',
  clients: ['127.0.0.0/8'],
  perSecond: 10_000_000,
}
const image = {
  infected: table('0.0.0.0/1', '2001:db8::/32'),
  consumers: table('128.0.0.0/1'),
  exempt: table(),
  domains: ['rogue.example'],
  serial: 1,
}
const counts = new Uint32Array(RESULTS.length)
const answering = new Answering(settings, image, { counts, salt: 1 })

const label = fc.oneof(
  fc.nat(300).map(String),
  fc.constantFrom(
    'a',
    'F',
    '0',
    'infected',
    'domains',
    'consumers',
    'rogue',
    'example',
    'x'.repeat(63),
  ),
)
const question = fc
  .record({
    labels: fc.array(label, { maxLength: 34 }),
    tail: fc.constantFrom(
      '',
      '.infected.l.isp.example',
      '.domains.L.isp.example',
      '.l.isp.example',
    ),
    type: fc.oneof(fc.constantFrom(1, 2, 6, 16, 28, 65, 251, 252, 255), fc.nat(255)),
    size: fc.option(fc.nat(65_535), { nil: undefined }),
  })
  .map(({ labels, tail, type, size }) =>
    questionOf(
      `${labels.join('.')}${tail}`.replace(/^\./, ''),
      size === undefined ? { type } : { type, size },
    ),
  )
const damage = fc.array(fc.record({ at: fc.nat(300), to: fc.nat(255) }), { maxLength: 4 })

test('questions, damaged questions and random packets over UDP and TCP', () => {
  let answered = 0
  let cut = 0
  fc.assert(
    fc.property(
      fc.oneof(question, fc.uint8Array({ maxLength: 600, size: 'max' })),
      damage,
      (made, changes) => {
        const asked = Uint8Array.from(made)
        for (const { at, to } of changes) if (at < asked.length) asked[at] = to
        const isAnswer = ((asked[2] ?? 0) & 0x80) !== 0
        for (const reply of [
          answering.overUdp(asked, '127.0.0.1', 0),
          answering.overTcp(asked, '127.0.0.1'),
        ]) {
          if (!reply) continue
          assert.ok(!isAnswer && asked.length >= 12)
          const said = answerIn(Buffer.from(reply))
          assert.equal(said.id, (asked[0] ?? 0) * 256 + (asked[1] ?? 0))
          assert.notEqual((reply[2] ?? 0) & 0x80, 0)
          for (const one of said.answers)
            if (one.startsWith('A ')) assert.match(one, /^A 60 127\.0\.0\.(?:2|10|16)$/)
          answered++
          cut += said.cut ? 1 : 0
        }
        const udp = answering.overUdp(asked, '127.0.0.1', 0)
        assert.ok((udp?.length ?? 0) <= MOST_UDP)
        const stranger = answering.overUdp(asked, '192.0.2.1', 0)
        if (stranger) assert.deepEqual(answerIn(Buffer.from(stranger)).answers, [])
      },
    ),
    { numRuns: 10_000_000, interruptAfterTimeLimit: SECONDS * 1000, endOnFailure: true },
  )
  assert.ok(answered > 100 && cut > 0, `${answered} answers, ${cut} of them cut`)
})
