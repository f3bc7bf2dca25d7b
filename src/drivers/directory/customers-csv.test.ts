import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { customersCsv } from './customers-csv.ts'

test('cells in quotes, a mark of the byte order, both line ends, comments', () => {
  const text = '\uFEFFid,contacts,logins\r\n# ours\n\n"a ""b""", "x@y.example z@y.example" ,\r\n'
  assert.deepEqual(customersCsv(text), [
    {
      where: 'line 4: ',
      row: { id: 'a "b"', contacts: 'x@y.example z@y.example', logins: '' },
    },
  ])
})

test('half a file, and one with other columns, is refused with the line', () => {
  const head = 'id,plan,flags,language,contacts,logins'
  for (const [text, why] of [
    ['', /^line 1: it names no columns/],
    ['\n', /^line 1: it names no columns/],
    ['name\nx\n', /^line 1: there is no column "name"/],
    ['id,login\n1,a@isp.example\n', /^line 1: there is no column "login"; .*logins/],
    ['# ours\nid,plan\n1,consumer\n', /^line 2: the column logins is missing/],
    ['logins\na@isp.example\n', /^line 1: the column id is missing/],
    ['id,logins,id\n', /^line 1: the column id is there twice/],
    [`${head}\n1,,,,,a@isp.example`, /^line 2: there is no newline at its end/],
    [`${head}\n1,,,,,a@isp.example\n140,consumer,,en,\n`, /^line 3: there are 5 cells, and 6/],
    [`${head}\n1,,,,,a@isp.example,b@isp.example\n`, /^line 2: there are 7 cells, and 6/],
    [`${head}\n1,,,,,"a@isp.example\n`, /^line 2: a quote is not closed/],
    [`${head}\n1,,,,"x@y.example"z,\n`, /^line 2: a quote/],
  ] as const)
    assert.throws(() => customersCsv(text), { message: why }, text)
})

test('wherever a file is cut off, it is refused or has whole rows only', () => {
  const rows = Array.from({ length: 5 }, (_, i) => `kd${i},"c${i}@y.example",u${i}@isp.example`)
  const whole = `id,contacts,logins\n${rows.join('\n')}\n`
  const all = customersCsv(whole)
  fc.assert(
    fc.property(fc.nat({ max: whole.length }), length => {
      let read
      try {
        read = customersCsv(whole.slice(0, length))
      } catch {
        return
      }
      assert.deepEqual(read, all.slice(0, read.length))
    }),
  )
})
