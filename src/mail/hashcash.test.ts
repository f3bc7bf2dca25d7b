import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../model/duration.ts'
import { stampName } from './hashcash.ts'

/** Made by Debian's hashcash 1.21: `hashcash -m -b 20 -z 12 -t 261121120000 bert@isp.example`. */
const STAMP =
  '1:20:261121120000:bert@isp.example::HAly2NFzXMp78reb:0000000000000000000000000000000000000000QSg'
const AT = Date.UTC(2026, 10, 21, 13)
const check = { recipients: ['Bert@isp.example'], minBits: 20, at: AT }

test('a stamp that its own program made is good, for its recipient, for four weeks', () => {
  assert.match(stampName(STAMP, check) ?? '', /^00000/)
  assert.equal(stampName(STAMP, { ...check, recipients: ['carl@isp.example'] }), undefined)
  assert.ok(stampName(STAMP, { ...check, at: AT + 27 * DAY }))
  assert.equal(stampName(STAMP, { ...check, at: AT + 29 * DAY }), undefined)
  assert.equal(stampName(STAMP, { ...check, at: AT - 3 * DAY }), undefined)
  assert.equal(stampName(STAMP, { ...check, minBits: 21 }), undefined)
})

test('a stamp that claims more than it cost, or is none, is worth nothing', () => {
  for (const stamp of [
    STAMP.replace(/.$/, letter => (letter === 'a' ? 'b' : 'a')),
    STAMP.replace('1:20:', '1:40:'),
    STAMP.replace('1:', '0:'),
    `${STAMP}:more`,
    '1:20:991399:bert@isp.example::x:y',
    '1:20::bert@isp.example::x:y',
    '',
    `1:20:261121:bert@isp.example:${'x'.repeat(300)}:y:z`,
  ])
    assert.equal(stampName(stamp, check), undefined, stamp)
})
