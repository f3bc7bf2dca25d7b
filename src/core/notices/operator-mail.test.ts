import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alarm } from '../../model/alarm.ts'
import { minuteIn } from '../../model/local-time.ts'
import { batchOf } from './alarm-pace.ts'
import { operatorMail } from './operator-mail.ts'

const AT = Date.UTC(2026, 0, 5)
const FROM = { host: 'mail.isp.example', minute: (at: number) => minuteIn('UTC', at) }
const alarm = (id: number, kind = 'contained'): Alarm => ({
  id: `${id}`,
  alarm: kind,
  at: AT,
  about: `line:kd${id}`,
  caseCode: `K7-${id}`,
  words: `Case K7-${id} is contained.`,
  evidence: ['a decoy was touched'],
  undo: `cordon incident release K7-${id}`,
})

test('of one alarm the subject says what and whose, and the text how to undo it', () => {
  assert.deepEqual(operatorMail(batchOf('b', AT, [alarm(1)]), FROM), {
    subject: '[Cordon mail.isp.example] contained: line:kd1 (case K7-1)',
    text: `2026-01-05 00:00 UTC  Case K7-1 is contained.
  - a decoy was touched
  $ cordon incident release K7-1

Told by Cordon on mail.isp.example.
`,
  })
})

test('of many it counts each kind, and says how many it does not show', () => {
  const many = Array.from({ length: 30 }, (_, i) => alarm(i))
  const { subject, text } = operatorMail(batchOf('b', AT, [...many, alarm(99, 'fuse')]), FROM)
  assert.equal(subject, '[Cordon mail.isp.example] 31 alarms: contained 30, fuse 1')
  assert.match(text, /^contained: 30$/m)
  assert.match(text, /^and 10 more of this kind: cordon incident list$/m)
})

test('what another server answered makes no line and no header', () => {
  const evil = {
    ...alarm(1),
    about: 'mx.far.example\r\nBcc: all@isp.example',
    words: 'refused:\r\n\r\n2026-01-05 00:00 UTC  All is well.\u2028  $ rm -rf /',
  }
  const { subject, text } = operatorMail(batchOf('b', AT, [evil]), FROM)
  assert.doesNotMatch(subject, /\n/)
  assert.doesNotMatch(text, /^2026-01-05 00:00 UTC {2}All|^ {2}\$ rm/m)
})
