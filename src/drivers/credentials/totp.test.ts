import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import { secondFactors, type StoredFactor } from './second-factors.ts'
import { codeAt, newSecret, stepOf, stepOfCode } from './totp.ts'

/** "12345678901234567890" of RFC 6238, Appendix B. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test('the codes of RFC 6238, Appendix B (their last six digits)', () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const)
    assert.equal(codeAt(SECRET, stepOf(seconds * 1000)), code, String(seconds))
})

test('a code of the step before or after is good, an older one is not, and a secret is 160 bits', () => {
  const at = 1_234_567_890_000
  const step = stepOf(at)
  const of = (ahead: number) => stepOfCode(SECRET, codeAt(SECRET, step + ahead), { at, last: 0 })
  assert.deepEqual(
    [of(-2), of(-1), of(0), of(1), of(2)],
    [undefined, step - 1, step, step + 1, undefined],
  )
  assert.match(newSecret(), /^[A-Z2-7]{32}$/)
  assert.notEqual(newSecret(), newSecret())
})

test('each code is good once, guessing is held back, and no factor is replaced', async () => {
  let now = 0
  const factors = secondFactors(memoryRecords<StoredFactor>(), () => now)
  const at = 1_234_567_890_000
  const secret = factors.begin('anna') ?? ''
  const code = (ahead: number) => codeAt(secret, stepOf(at) + ahead)
  assert.equal(await factors.confirm('bert', code(0), at), false)
  assert.equal(await factors.confirm('anna', code(-1), at), true)
  assert.equal(factors.begin('anna'), undefined)
  assert.equal(await factors.check('anna', code(-1), { at, where: 'own' }), 'wrong')
  assert.equal(await factors.check('anna', code(0), { at, where: 'own' }), 'right')
  assert.equal(await factors.check('anna', code(0), { at, where: 'own' }), 'wrong')
  for (let i = 0; i < 4; i++)
    assert.equal(await factors.check('anna', 'abcdef', { at, where: 'own' }), 'wrong')
  assert.equal(await factors.check('anna', code(1), { at, where: 'own' }), 'wait')
  // Attempts from elsewhere count elsewhere: the owner, at home, is heard; and the other way round.
  const code2 = codeAt(secret, stepOf(at) + 1)
  for (let i = 0; i < 6; i++) await factors.check('anna', 'abcdef', { at, where: 'elsewhere' })
  assert.equal(await factors.check('anna', code2, { at, where: 'elsewhere' }), 'wait')
  // The clock on the wall goes back a year: no customer waits a year.
  now = 16 * 60_000
  const before = at - 365 * 86_400_000
  for (let i = 0; i < 5; i++)
    assert.equal(await factors.check('anna', 'abcdef', { at: before, where: 'elsewhere' }), 'wrong')
  assert.equal(await factors.check('anna', code2, { at, where: 'elsewhere' }), 'wait')
  assert.equal(await factors.check('anna', code2, { at, where: 'own' }), 'right')
})
