import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './table.ts'

test('one long cell makes no other row long, and is cut where it ends in …', () => {
  const long = 'mistake; '.repeat(1000)
  const rows = [
    ['2026-11-27', long, 'configuration'],
    ['2026-11-28', 'done', `${long}end`],
  ]
  const lines = table(['GIVEN', 'WHAT CAME OF IT', 'ABOUT'], rows).split('\n')
  assert.ok(lines.every(line => line.length < 800))
  assert.match(lines[1] ?? '', /mistake; mis.*…  configuration$/)
  assert.match(lines[2] ?? '', /^2026-11-28 {2}done .*…$/)
  assert.ok((lines[0] ?? '').length < 200)
  assert.ok(table(['A', 'B'], [[`${'x'.repeat(118)}😀😀`, '']]).isWellFormed())
})
