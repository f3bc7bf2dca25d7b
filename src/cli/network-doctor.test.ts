import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../model/duration.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import { clockOf, shown } from './network-tables.ts'
import { ofTellers, toDo } from './network-doctor.ts'

const NOW = 100 * HOUR

test('a clock that is off and settled, and a silent source, are found', () => {
  const teller = {
    kind: 'firewall-log',
    name: 'bng',
    settled: true,
    heardAt: NOW - MINUTE,
    offset: 100,
  }
  const found = (more: Partial<NetworkStatus['tellers'][number]>) =>
    ofTellers({ tellers: [{ ...teller, ...more }] }, NOW).map(({ what }) => what)
  assert.deepEqual(found({}), [])
  assert.deepEqual(found({ offset: -5 * MINUTE }), ['clock'])
  assert.deepEqual(found({ offset: -5 * MINUTE, settled: false }), ['clock not settled'])
  assert.deepEqual(found({ heardAt: 0 }), ['silent'])
  assert.deepEqual(found({ kind: 'radius', late: { by: MINUTE, at: NOW - MINUTE } }), [
    'late accounting',
  ])
  const late = { by: MINUTE, at: NOW - MINUTE }
  assert.deepEqual(found({ kind: 'firewall-log', late }), ['late log'])
  assert.deepEqual(found({ late: { by: MINUTE, at: NOW - HOUR } }), [])
  assert.deepEqual(found({ heardAt: NOW - HOUR, offset: HOUR }), ['clock', 'silent'])
})

test('what an exporter lost, and what it has not told, stands in the status', () => {
  const exporter = { name: '192.0.2.1', domain: 7, unit: 'records' as const, heard: 297, lost: 3 }
  const text = shown({
    tellers: [],
    exporters: [{ ...exporter, templates: 2, templateAge: 5 * MINUTE + 40, waiting: [300, 301] }],
    worries: [],
  })
  assert.match(text, /192\.0\.2\.1\s+7\s+297 records\s+3 \(1\.0 %\)\s+2\s+5m\s+300, 301/)
})

test('what comes late is named by who tells it, so that what to do about it fits', () => {
  const late = { by: HOUR, at: NOW - MINUTE }
  const foundOf = (kind: string) =>
    ofTellers({ tellers: [{ kind, name: 'a', settled: true, heardAt: NOW, late }] }, NOW).map(
      one => [one.what, toDo(one)],
    )
  assert.match(String(foundOf('radius')), /^late accounting,.*spool/)
  assert.match(String(foundOf('flows')), /^late flows,.*timeout/)
  assert.match(String(foundOf('nat-log')), /^late log,.*no buffer/)
})

test('a clock that is not settled is ahead by at least what was seen, and behind by at most that', () => {
  assert.equal(clockOf(-HOUR, false), 'at least 60m ahead, not settled')
  assert.equal(clockOf(HOUR, false), 'at most 60m behind, not settled')
  assert.equal(clockOf(-HOUR, true), '60m ahead')
})
