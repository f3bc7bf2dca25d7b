import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesSts, parseStsPolicy } from './mta-sts-policy.ts'

const GOOD =
  'version: STSv1\r\nmode: enforce\r\nmx: Mail.isp.example\r\nmx: *.isp.example\r\nmax_age: 604800\r\n'

test('a policy is read as RFC 8461 has it', () => {
  assert.deepEqual(parseStsPolicy(GOOD), {
    policy: { mode: 'enforce', mx: ['mail.isp.example', '*.isp.example'], maxAge: 604_800 },
  })
  // Unknown keys are passed over, and of one that comes again the first is taken.
  const more = `${GOOD}mode: none\nother: thing\n`
  assert.deepEqual(parseStsPolicy(more), parseStsPolicy(GOOD))
  assert.ok('policy' in parseStsPolicy('version: STSv1\nmode: none\nmax_age: 0'))
})

test('what no server can follow is said to be so', () => {
  for (const [text, why] of [
    ['', /version/],
    [GOOD.replace('STSv1', 'STSv2'), /version/],
    [GOOD.replace('enforce', 'always'), /mode/],
    [GOOD.replace('604800', '31557601'), /max_age/],
    [GOOD.replace('604800', '-1'), /max_age/],
    [GOOD.replaceAll(/mx:.*\r\n/g, ''), /names no mx/],
    [`${GOOD}${'mx: a.example\n'.repeat(100)}`, /too many mx/],
    [GOOD.padEnd(65_537, '\n'), /too long/],
  ] as const) {
    const read = parseStsPolicy(text)
    assert.match('wrong' in read ? read.wrong : '', why)
  }
})

test('a star is one label, and only the first', () => {
  const mx = ['*.isp.example', 'mail.other.example']
  assert.ok(matchesSts(mx, 'A.isp.example'))
  assert.ok(matchesSts(mx, 'mail.other.example'))
  for (const host of ['isp.example', 'a.b.isp.example', 'xisp.example', 'b.other.example'])
    assert.ok(!matchesSts(mx, host), host)
})
