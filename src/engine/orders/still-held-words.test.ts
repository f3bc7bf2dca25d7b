import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '../../model/decision.ts'
import type { Held, NetworkControl } from '../../ports/network-control.ts'
import { stillHeldWords } from './still-held-words.ts'

const ended: Decision[] = [
  { id: 'd1', incident: 'i', subject: 'line:anna', kind: 'isolate', at: 0, until: 9, by: 'staff' },
]
const entry: Held = {
  realm: 'main',
  prefix: '198.51.100.2/32',
  subscriber: 'anna',
  state: 'isolated',
  walledGarden: true,
  decision: 'd1',
}
const router = (list: NetworkControl['list']): NetworkControl => ({
  name: 'bng',
  list,
  fits: () => true,
  apply: async () => undefined,
  revoke: async () => undefined,
})
const words = (held: readonly Held[]) =>
  stillHeldWords({ network: [router(async () => held)] }, ended)

test('a release says what no router has confirmed to be off', async () => {
  assert.equal(await words([]), '')
  const { decision: _decision, ...other } = entry
  assert.equal(
    await words([
      { ...entry, decision: 'd2' },
      { ...other, state: 'open' },
    ]),
    '',
  )
  assert.match(await words([entry]), /198\.51\.100\.2\/32 at bng is isolated: still there/)
  assert.match(
    await words([{ ...other, standing: 'unanswered', words: 'nothing came' }]),
    /NOT CONFIRMED to be open: .* isolated: unanswered, nothing came/,
  )
  const silent = router(async () => {
    throw new Error('ssh: no route')
  })
  assert.match(await stillHeldWords({ network: [silent] }, ended), /bng does not say what it holds/)
  assert.equal(
    await stillHeldWords(
      { network: [silent] },
      ended.map(one => ({ ...one, subject: 'login:anna@isp.example' })),
    ),
    '',
  )
})
