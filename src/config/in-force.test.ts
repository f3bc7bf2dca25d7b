import assert from 'node:assert/strict'
import { test } from 'node:test'
import { footprintOf, lossesOf } from './brake.ts'
import { footprintInForce, goneFromInForce } from './in-force.ts'
import { parseConfig } from './load.ts'

const WHOLE = `hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 25 }]
flows: { exporters: [192.0.2.1] }
mailboxes:
  - anna@isp.example
  - bert@isp.example
  - carl@isp.example
`

/** What speaks against `next` by a reload and by a start, when `agreed` was read and these of it wait for a restart. */
function against(agreedText: string, waits: readonly string[], nextText: string) {
  const [started, agreed, next] = [WHOLE, agreedText, nextText].map(text => parseConfig(text))
  assert.ok(started && agreed && next)
  const old = Object.fromEntries(waits.map(key => [key, started[key as keyof typeof started]]))
  const standing = { started, agreed, inForce: { ...agreed, ...old } }
  const had = footprintInForce(standing)
  const now = footprintOf(next)
  const reload = lossesOf(had, now, goneFromInForce(standing, next))
  const start = lossesOf(JSON.parse(JSON.stringify(had)) as typeof had, now)
  assert.deepEqual(reload, start)
  return reload
}
const MORE = WHOLE.replace('[isp.example]', '[isp.example, tinny.example]').replace(
  'port: 25 }]',
  'port: 25 }, { kind: submission, port: 587 }]',
)

test('what was added and waits is no loss; what is in force is', () => {
  const waits = ['domains', 'listeners']
  assert.deepEqual(against(MORE, waits, WHOLE), [])
  assert.deepEqual(against(MORE, waits, WHOLE.replace('port: 25', 'port: 587')), [
    'the inbound listener on port 25 is gone',
  ])
  // In force at once, it was had.
  assert.equal(against(MORE, [], WHOLE).length, 2)
})

test('what was agreed to go is not asked for again, whatever else comes or goes', () => {
  const less = WHOLE.replace(/flows.*\n/, '')
  assert.deepEqual(against(less, ['flows'], less), [])
  assert.deepEqual(against(less, ['flows'], less.replace('25', '26')), [
    'the inbound listener on port 25 is gone',
  ])
})

test('a file that takes something back and is cut off as well is still seen', () => {
  const cut = WHOLE.replace(/ {2}- bert.*\n {2}- carl.*\n/, '')
  for (const waits of [
    ['domains', 'listeners'],
    ['domains', 'listeners', 'mailboxes'],
  ]) {
    const [lost, ...none] = against(MORE, waits, cut)
    assert.match(lost ?? '', /^2 of 3 entries of mailboxes are gone/)
    assert.deepEqual(none, [])
  }
})
