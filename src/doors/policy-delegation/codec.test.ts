import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_PATTERNS, PolicyDecoder } from './codec.ts'

const NAMES = 98
/** Attributes that no request before had. */
const request = (n: number) =>
  `request=smtpd_access_policy\n${Array.from({ length: NAMES }, (_, i) => `a${n}_${i}=${i}\n`).join('')}size=${n}\n\n`

test('a client that says new names each time makes no new pattern each time', t => {
  const escaped = t.mock.method(RegExp, 'escape').mock
  for (const order of ['new each time', 'each twice']) {
    escaped.resetCalls()
    const decoder = new PolicyDecoder()
    for (let n = 0; n < 300; n++) {
      const name = order === 'each twice' ? n >> 1 : n
      decoder.push(Buffer.from(request(name)))
      const found = decoder.next()
      assert.ok(typeof found === 'object')
      assert.equal(found.size, String(name))
    }
    const patterns = escaped.callCount() / (NAMES + 2)
    assert.ok(patterns <= MAX_PATTERNS, `${patterns} patterns, ${order}`)
  }
})

test('a client that says the same names has one made for it, at the second request', t => {
  const escaped = t.mock.method(RegExp, 'escape').mock
  const decoder = new PolicyDecoder()
  const patterns = Array.from({ length: 4 }, () => {
    decoder.push(Buffer.from(request(0)))
    decoder.next()
    return escaped.callCount() / (NAMES + 2)
  })
  assert.deepEqual(patterns, [0, 1, 1, 1])
})
