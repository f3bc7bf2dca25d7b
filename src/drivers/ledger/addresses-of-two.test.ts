// One address of two customers: two processes at once cannot make it, and what an earlier Cordon left is told and stays.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import { folderOf, owned } from '../../../test/support/owned.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { openLedgerFile } from './ledger-file.ts'

const ROUNDS = 60

const customer = (id: string, ...addresses: readonly string[]): Subscriber =>
  bareCustomer(id, [`${id}@isp.example`, ...addresses])

/** A process that gives each address to a customer of its own, as soon as it is told to begin. */
const GIVES = `
  const { openLedgerFile: open } = await import(process.argv[2])
  const ledger = await open(process.argv[3])
  process.stdout.write('ready')
  await new Promise(go => process.stdin.once('data', go))
  let given = 0
  for (let i = 0; i < ${ROUNDS}; i++) {
    const id = process.argv[4] + i
    const addresses = [id + '@isp.example', 'both' + i + '@isp.example']
    const one = { id, plan: 'consumer', flags: [], language: 'en', contacts: [], logins: [{ name: addresses[0], addresses }] }
    try {
      await ledger.customers.changeSubscribers({ changed: [one], gone: [] })
      given++
    } catch (error) {
      if (error.name !== 'AddressTaken') throw error
    }
  }
  await ledger.close()
  console.log(' ' + given)
  process.exit(0)
`

async function giving(folder: string, who: string) {
  const program = join(folder, `${who}.mjs`)
  writeFileSync(program, GIVES)
  const module = new URL('./ledger-file.ts', import.meta.url).href
  const child = spawn(process.execPath, [program, module, join(folder, 'ledger.db'), who], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said: string[] = []
  child.stdout.on('data', chunk => said.push(String(chunk)))
  const ended = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), ended])
  return {
    begin: () => child.stdin.end('go'),
    given: async () => {
      assert.deepEqual(await ended, [0, null])
      return Number(said.join('').split(' ')[1])
    },
  }
}

test('two processes at once: each address is given once', async t => {
  const folder = folderOf(t)
  const ledger = await owned(t, openLedgerFile(join(folder, 'ledger.db')))
  const both = [await giving(folder, 'x'), await giving(folder, 'y')]
  for (const one of both) one.begin()
  const [x = 0, y = 0] = await Promise.all(both.map(one => one.given()))
  assert.equal(x + y, ROUNDS)
  assert.deepEqual(await ledger.customers.addressesOfMany({ limit: 10 }), [])
  const all = (await ledger.customers.subscribers()).flatMap(one => one.logins[0]?.addresses ?? [])
  assert.equal(all.length, new Set(all).size)
})

test('what an earlier Cordon gave to two is found, stays, and does not grow', async t => {
  const path = join(folderOf(t), 'ledger.db')
  const made = await owned(t, openLedgerFile(path))
  await made.close()
  const earlier = openSqlite(path)
  earlier.exec('DROP TABLE customer_addresses')
  earlier.exec("DELETE FROM kysely_migration WHERE name >= '011'")
  const put = earlier.prepare('INSERT INTO subscribers (id, body) VALUES (?, ?)')
  const before = [customer('a', 'both@isp.example'), customer('b', 'both@isp.example')]
  for (const one of before) put.run(one.id, JSON.stringify(one))
  earlier.close()
  const { customers } = await owned(t, openLedgerFile(path))
  const found = [{ address: 'both@isp.example', customers: ['a', 'b'] }]
  assert.deepEqual(await customers.addressesOfMany({ limit: 10 }), found)
  assert.deepEqual(await customers.addressesOfMany({ limit: 10, of: ['b'] }), found)
  assert.deepEqual(await customers.addressesOfMany({ limit: 10, of: ['c'] }), [])
  assert.deepEqual(await customers.subscribers(), before)
  const change = (...changed: readonly Subscriber[]) =>
    customers.changeSubscribers({ changed, gone: [] })
  await change({ ...customer('b', 'both@isp.example'), plan: 'site' })
  await assert.rejects(change(customer('c', 'both@isp.example')), { name: 'AddressTaken' })
  await change(customer('a'))
  assert.deepEqual(await customers.addressesOfMany({ limit: 10 }), [])
  await assert.rejects(change(customer('a', 'both@isp.example')), { name: 'AddressTaken' })
})
