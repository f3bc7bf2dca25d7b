import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayIn, minuteIn } from './local-time.ts'

const WINTER = Date.UTC(2026, 0, 5, 23, 5)
const SUMMER = Date.UTC(2026, 6, 5, 0, 0)

test('the time that their clock showed, with how far it is from UTC', () => {
  assert.equal(minuteIn('UTC', WINTER), '2026-01-05 23:05 UTC')
  assert.equal(minuteIn('Europe/Berlin', WINTER), '2026-01-06 00:05 UTC+1')
  assert.equal(minuteIn('Europe/Berlin', SUMMER), '2026-07-05 02:00 UTC+2')
  assert.equal(minuteIn('Asia/Kolkata', WINTER), '2026-01-06 04:35 UTC+5:30')
  assert.equal(minuteIn('America/Santiago', SUMMER), '2026-07-04 20:00 UTC-4')
})

test('the day it was there', () => {
  assert.equal(dayIn('UTC', WINTER), '2026-01-05')
  assert.equal(dayIn('Europe/Berlin', WINTER), '2026-01-06')
})
