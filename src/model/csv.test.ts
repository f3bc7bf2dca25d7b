import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { mistakesIn, readCsv } from './csv.ts'

const COLUMNS = {
  known: ['id', 'plan', 'flags', 'language', 'contacts', 'logins'],
  wanted: ['id', 'logins'],
}

/** As its readers do: nothing of a list with mistakes. */
function rowsOf(text: string) {
  const { rows, mistakes } = readCsv(text, COLUMNS)
  const wrong = mistakesIn('list.csv', mistakes)
  if (wrong !== undefined) throw new Error(wrong)
  return rows
}

test('cells in quotes, a mark of the byte order, both line ends, comments', () => {
  const text = '\uFEFFid,contacts,logins\r\n# ours\n\n"a ""b""", "x@y.example z@y.example" ,\r\n'
  assert.deepEqual(rowsOf(text), [
    {
      line: 4,
      cells: { id: 'a "b"', contacts: 'x@y.example z@y.example', logins: '' },
    },
  ])
})

test('half a file, and one with other columns, is refused with the line', () => {
  const head = 'id,plan,flags,language,contacts,logins'
  for (const [text, why] of [
    ['', /^list\.csv:1: it names no columns/],
    ['\n', /^list\.csv:1: it names no columns/],
    ['name\nx\n', /^list\.csv:1: there is no column "name"/],
    ['id,login\n1,a@isp.example\n', /^list\.csv:1: there is no column "login"; .*logins/],
    ['# ours\nid,plan\n1,consumer\n', /^list\.csv:2: the column logins is missing/],
    ['logins\na@isp.example\n', /^list\.csv:1: the column id is missing/],
    ['id,logins,id\n', /^list\.csv:1: the column id is there twice/],
    [`${head}\n1,,,,,a@isp.example`, /^list\.csv:2: there is no newline at its end/],
    [`${head}\n1,,,,,a@isp.example\n140,consumer,,en,\n`, /^list\.csv:3: there are 5 cells, and 6/],
    [`${head}\n1,,,,,a@isp.example,b@isp.example\n`, /^list\.csv:2: there are 7 cells, and 6/],
    [`${head}\n1,,,,,"a@isp.example\n`, /^list\.csv:2: a quote is not closed/],
    [`${head}\n1,,,,"x@y.example"z,\n`, /^list\.csv:2: a quote/],
  ] as const)
    assert.throws(() => rowsOf(text), { message: why }, text)
})

test('wherever a file is cut off, it is refused or has whole rows only', () => {
  const rows = Array.from({ length: 5 }, (_, i) => `kd${i},"c${i}@y.example",u${i}@isp.example`)
  const whole = `id,contacts,logins\n${rows.join('\n')}\n`
  const all = rowsOf(whole)
  fc.assert(
    fc.property(fc.nat({ max: whole.length }), length => {
      let read
      try {
        read = rowsOf(whole.slice(0, length))
      } catch {
        return
      }
      assert.deepEqual(read, all.slice(0, read.length))
    }),
  )
})
