import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import type { EventOf } from '../../model/event.ts'
import { eventMetrics } from './event-metrics.ts'

const judged = (rule: string, times?: number): EventOf<'judged'> => ({
  kind: 'judged',
  id: 'n.1.1',
  seq: 1,
  at: 1,
  who: { realm: 'main', address: '198.51.100.7', port: 1, sure: 'unknown' },
  listener: 'inbound',
  stage: 'rcpt',
  rule,
  reason: 'relay-denied',
  verdict: 'reject',
  ...(times === undefined ? {} : { times }),
})

test('verdicts are counted once, however often figures are read, and those between two readings as well', async () => {
  const registry = new Registry()
  const hear = eventMetrics(registry)
  const line = (rule: string) =>
    `cordon_verdicts_total{verdict="reject",reason="relay-denied",rule="${rule}",observed="no"}`
  const figures = async () =>
    (await registry.metrics()).split('\n').filter(one => one.startsWith('cordon_verdicts_total'))
  for (const event of [judged('relay'), judged('relay', 4), judged('spf')]) hear(event)
  assert.deepEqual(await figures(), [`${line('relay')} 5`, `${line('spf')} 1`])
  assert.deepEqual(await figures(), [`${line('relay')} 5`, `${line('spf')} 1`])
  hear(judged('relay'))
  assert.deepEqual(await figures(), [`${line('relay')} 6`, `${line('spf')} 1`])
})
