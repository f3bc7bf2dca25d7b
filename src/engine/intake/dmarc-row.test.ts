import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DmarcPublished } from '../../model/dmarc-row.ts'
import { dmarcRow } from './dmarc-row.ts'

function rowOf(p: DmarcPublished['p'], kind: 'accept' | 'reject' | 'discard') {
  const forReport = {
    published: { domain: 'far.example', p, adkim: 'r', aspf: 'r', testing: false },
    dkim: false,
    spf: false,
    headerFrom: 'far.example',
    envelopeFrom: '',
    signatures: [],
    spfResult: { domain: '', result: 'none' },
  }
  const authentication = { dmarc: { policy: p }, arc: { result: 'none' }, forReport }
  const message = {
    step: { authentication, client: { address: '192.0.2.1' } },
    summary: { subject: 'hello' },
  } as unknown as Parameters<typeof dmarcRow>[0]
  const { disposition, reasons } = dmarcRow(message, { kind }) ?? {}
  return [disposition, reasons?.map(({ type, comment }) => `${type}: ${comment}`).join()]
}

test('of a message that another rule refused its owner does not read that a mailbox has it', () => {
  const refused = ['none', 'local_policy: refused here for another reason than DMARC']
  for (const kind of ['reject', 'discard'] as const) {
    assert.deepEqual(rowOf('quarantine', kind), refused)
    assert.deepEqual(rowOf('none', kind), refused)
    assert.deepEqual(rowOf('reject', kind), ['reject', ''])
  }
  assert.deepEqual(rowOf('none', 'accept'), ['none', ''])
  assert.match(String(rowOf('quarantine', 'accept')), /^none,local_policy: marked /)
})
