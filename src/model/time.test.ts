import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseDay, parseTime } from './time.ts'

test('a time with its zone is one moment', () => {
  const at = Date.UTC(2026, 10, 20, 10, 22)
  for (const text of [
    '2026-11-20T10:22Z',
    '2026-11-20t10:22:00z',
    '2026-11-20 10:22:00.000Z',
    '2026-11-20T11:22:00+01:00',
    '2026-11-20T05:22-05:00',
    '2026-11-21T00:07:00+13:45',
  ])
    assert.equal(parseTime(text), at, text)
  assert.equal(parseTime('2026-11-20T10:22:01.5006789Z'), at + 1500)
  assert.equal(parseTime('2024-02-29T00:00Z'), Date.UTC(2024, 1, 29))
  // RFC 3339 §5.7: a leap second.
  assert.equal(parseTime('2016-12-31T23:59:60Z'), Date.UTC(2017, 0, 1))
  assert.equal(parseDay('2026-11-20'), Date.UTC(2026, 10, 20))
})

const NO_TIMES = [
  '|now|2026|2026-11|2026-11-20|1793491200|1.11.2026|11/1/2026|Nov 1 2026|2026-11-01 00:00:00',
  '2026-11-01T00:00|2026-11-01T00Z|20261101T0000Z|2026-02-30T00:00Z|2025-02-29T00:00Z',
  '2026-13-01T00:00Z|2026-00-10T00:00Z|2026-11-00T00:00Z|2026-11-01T24:00Z|2026-11-01T00:60Z',
  '2026-11-01T00:00:61Z|2026-11-01T00:00+24:00|2026-11-01T00:00+01:60|2026-11-01T00:00+1',
  '+2026-11-01T00:00Z|1969-12-31T23:59Z|0026-11-01T00:00Z| 2026-11-01T00:00Z|2026-11-01T00:00Z\n',
  '2026-11-01T00:00 Z|2026-11-01T00:00 CET|２０26-11-01T00:00Z',
].flatMap(lines => lines.split('|'))

test('without a zone, in another form, and a day that there is not, is no time', () => {
  for (const text of NO_TIMES) assert.equal(parseTime(text), undefined, text)
  for (const text of ['2026-02-30', '2026-11-20T10:22Z', '2026-1-1', '', '2026-11-20 '])
    assert.equal(parseDay(text), undefined, text)
})

test('what Cordon prints is read as the same moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), at => {
      assert.equal(parseTime(new Date(at).toISOString()), at)
    }),
  )
})

test('wherever the machine is, the same text is the same moment', () => {
  const code = `
    const { parseDay, parseTime } = await import(${JSON.stringify(import.meta.resolve('./time.ts'))})
    console.log(JSON.stringify([
      parseTime('2026-03-29T02:30:00Z'), parseTime('2026-11-01T01:30-04:00'), parseDay('2026-11-01'),
      parseTime('2026-11-01 00:00:00') ?? null,
    ]))`
  const said = ['UTC', 'America/New_York', 'Asia/Tokyo', 'Pacific/Apia'].map(TZ => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    })
    return stdout
  })
  const [first = ''] = said
  assert.deepEqual(JSON.parse(first), [
    Date.UTC(2026, 2, 29, 2, 30),
    Date.UTC(2026, 10, 1, 5, 30),
    Date.UTC(2026, 10, 1),
    null,
  ])
  assert.deepEqual(new Set(said).size, 1)
})
