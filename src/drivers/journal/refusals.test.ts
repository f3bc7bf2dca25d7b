import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { refusalIds } from '../../mail/refusal-id.ts'
import { openEventIndex } from './event-index.ts'
import { refusals } from './refusals.ts'
import { owned } from '../../../test/support/owned.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-refusals-'))
after(() => rmSync(folder, { recursive: true }))
const hearers = { trouble: assert.fail }
const AT = Date.UTC(2026, 10, 21, 12, 30)
const ids = refusalIds('secret')
const [full, brief, never] = [ids.make(AT), ids.make(AT), ids.make(AT)]
const who = { realm: 'main', address: '198.51.100.7', sure: 'unknown' } as const
const common = { at: AT, seq: 1, who, rule: 'spf', reason: 'spf-fail', verdict: 'reject' } as const
const step = { listener: 'inbound', stage: 'rcpt' } as const
const lines = [
  { ...common, id: '1', kind: 'judged', ...step, refusal: full },
  { ...common, id: '2', kind: 'step-judged', step: { ...step, helo: 'mx' }, refusal: full },
  { ...common, id: '3', kind: 'judged', ...step, refusal: brief },
]
// As it stands while it is written: the last line cut, and no end of the file.
const text = `${lines.map(line => JSON.stringify(line)).join('\n')}\n{"kind":"jud`
writeFileSync(join(folder, '2026112112.jsonl.gz'), gzipSync(text).subarray(0, -8))

test('an old one is found in the journal; of a flood at least who refused whom', async t => {
  const index = await owned(t, openEventIndex(join(folder, 'index.db'), folder, hearers))
  const { find } = refusals(index, ids, one => one)
  assert.equal((await find(full))?.step.helo, 'mx')
  const short = await find(brief)
  assert.deepEqual([short?.rule, short?.step.stage], ['spf', 'rcpt'])
  assert.equal(await find(never), undefined)
  assert.equal(await find('x'), undefined)
})

test('one that was just made is known before it is on the disk', async () => {
  const { find, hear } = refusals(
    { find: () => Promise.reject(new Error('no journal')) },
    ids,
    one => one,
  )
  const fresh = ids.make(AT)
  hear({ ...common, id: '9', kind: 'step-judged', step, refusal: fresh })
  assert.equal((await find(fresh))?.id, '9')
  assert.equal(await find(ids.make(AT)), undefined, 'no journal')
})
