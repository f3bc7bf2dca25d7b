import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import { namesOf } from './names-of.ts'

const CUSTOMER = { plan: 'consumer', flags: [], language: 'en', contacts: [], logins: [] } as const

test('before the table was read no user name is a customer, not even one that is the number of another', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-names-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const customers = join(folder, 'customers.csv')
  const told: string[] = []
  const names = namesOf(
    { customers, stripRealms: [] },
    {
      subscribers: memorySubscribers([
        { ...CUSTOMER, id: '17' },
        { ...CUSTOMER, id: '18' },
      ]),
      trouble: error => void told.push(String(error)),
    },
  )
  t.after(() => names.close())
  names.refresh()
  assert.equal(names.subscriberOf('17'), undefined)
  assert.equal(told.length, 1, 'told once, not at every look')
  writeFileSync(customers, '17,18\nhalf')
  names.refresh()
  assert.equal(names.subscriberOf('17'), undefined)
  assert.equal(told.length, 2)
  writeFileSync(customers, '17,18\n')
  names.refresh()
  assert.equal(names.subscriberOf('17'), '18')
  writeFileSync(customers, '17,1')
  names.refresh()
  assert.equal(names.subscriberOf('17'), '18', 'half a table changes nothing')
})

test('what follows a change of the table is told of each, and of no other', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-names-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const customers = join(folder, 'customers.csv')
  writeFileSync(customers, 'line7,17\n')
  let changes = 0
  const names = namesOf(
    { customers, stripRealms: [] },
    { subscribers: memorySubscribers([{ ...CUSTOMER, id: '17' }]), trouble: () => undefined },
    () => changes++,
  )
  t.after(() => names.close())
  assert.equal(names.isByTable, true)
  names.refresh()
  assert.equal(changes, 1)
  writeFileSync(customers, 'line8,17\n')
  names.refresh()
  writeFileSync(customers, 'half')
  names.refresh()
  assert.equal(changes, 2)
})
