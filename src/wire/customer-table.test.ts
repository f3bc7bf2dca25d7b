import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../test/support/owned.ts'
import { customersIn, CustomerTable, refusedTable } from './customer-table.ts'

test('the table of customers: the last comma ends the key, and capitals do not count', () => {
  const { rows, wrong } = customersIn(
    '\uFEFF# id, customer\r\n\nAA:BB, kd1\r\n  # a note\ndsl 1,2, kd2\n cc , kd3 \n',
    'lines.csv',
  )
  assert.equal(wrong, undefined)
  assert.deepEqual(
    [...rows],
    [
      ['aa:bb', 'kd1'],
      ['dsl 1,2', 'kd2'],
      ['cc', 'kd3'],
    ],
  )
  assert.deepEqual(customersIn('# none yet\n', 'lines.csv'), { rows: new Map(), wrong: undefined })
})

test('half a table is none, and every mistake has its line', () => {
  for (const [text, words] of [
    // What is left of 10018 may be another customer.
    ['aa,10017\nbb,1001', /^lines\.csv:2: there is no newline at its end, so the file may be cut/],
    ['aa,10017\nbb', /^lines\.csv:2: .* KEY,CUSTOMER; .*half a file\.\nlines\.csv:2: .*no newline/],
    ['aa,10017\nbb\ncc,\n,10018\n', /^lines\.csv:2: .*\nlines\.csv:3: .*\nlines\.csv:4: [^\n]*$/],
    ['', /^lines\.csv:1: it is empty/],
    ['aa,10017\n#\nAA,10018\n', /^lines\.csv:3: AA is another customer's in line 1\.$/],
  ] as const)
    assert.match(customersIn(text, 'lines.csv').wrong ?? '', words, JSON.stringify(text))
  assert.equal(customersIn('aa,10017\nAA,10017\n', 'lines.csv').wrong, undefined)
})

test('a table that was cut off leaves the last whole one in force, and is told once', t => {
  const path = pathIn(t)
  const table = new CustomerTable(path)
  writeFileSync(path, 'aa,10017\nbb,10018\n')
  assert.equal(table.refresh(), true)
  writeFileSync(path, 'aa,10017\nbb,1001')
  assert.throws(() => table.refresh(), /customers\.csv:2: there is no newline/)
  assert.equal(table.refresh(), false)
  assert.match(table.refused ?? '', /no newline/)
  assert.deepEqual([table.get('aa'), table.get('BB')], ['10017', '10018'])
  writeFileSync(path, 'aa,10017\nbb,10019\n')
  assert.equal(table.refresh(), true)
  assert.deepEqual([table.get('bb'), table.refused], ['10019', undefined])
  renameSync(path, `${path}.away`)
  assert.throws(() => table.refresh(), /no such file/)
  assert.match(
    refusedTable(path, table)[0]?.words ?? '',
    /^the last one stays in force: .*no such file/,
  )
  renameSync(`${path}.away`, path)
  table.refresh()
  assert.deepEqual(refusedTable(path, table), [])
})

test('a table that was never whole is told again and again: nothing is known of any line', t => {
  const path = pathIn(t)
  writeFileSync(path, 'aa,1001')
  const table = new CustomerTable(path)
  for (let look = 0; look < 3; look++) assert.throws(() => table.refresh(), /:1: .*no newline/)
  writeFileSync(path, 'aa,10017\n')
  assert.equal(table.refresh(), true)
  assert.equal(table.refresh(), false)
})

const pathIn = (t: TestContext): string => join(folderOf(t), 'customers.csv')
