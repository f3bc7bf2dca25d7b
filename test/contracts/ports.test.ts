// Every port has a contract: one set of tests that every implementation passes. Seen red on the day it was written.

import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'

/** Ports without a contract of their own, why, and the tests that hold them meanwhile. */
const ELSEWHERE: Readonly<
  Record<string, { readonly why: string; readonly tests: readonly string[] }>
> = {
  ledger: { why: 'names other ports, nothing else', tests: ['test/contracts/cases.test.ts'] },
  engine: {
    why: 'one set of transactions is played on the engine itself, through each door, and over a MessagePort',
    tests: ['test/doors/parity.test.ts'],
  },
  reading: {
    why: 'what pages look at: it passes on what other ports answer, which have theirs',
    tests: ['src/app/reading.test.ts', 'test/orders/lists.test.ts'],
  },
  listed: {
    why: 'what may be asked of the list: one implementation, in the engine, and its files',
    tests: ['src/core/list/entries.test.ts', 'test/e2e/dns-list-files.test.ts'],
  },
  'mail-heard': {
    why: 'one implementation, in the engine',
    tests: ['src/engine/intake/logged-mail.test.ts'],
  },
  reload: { why: 'one function, no interface', tests: ['test/e2e/reload.test.ts'] },
}

const names = (pattern: string, end: string) => globSync(pattern).map(file => basename(file, end))
const ports = names('src/ports/*.ts', '.ts')
const contracts = new Set(names('test/contracts/*.test.ts', '.test.ts'))

test('every port has a contract, or a reason and tests elsewhere', () => {
  assert.ok(ports.length > 20, 'the ports were not found')
  const without = ports.filter(port => !contracts.has(port) && !ELSEWHERE[port])
  assert.deepEqual(without, [])
})

test('whoever has a contract needs no reason, and the tests elsewhere are there', () => {
  for (const [port, { tests }] of Object.entries(ELSEWHERE)) {
    assert.ok(ports.includes(port), `there is no port ${port}`)
    assert.ok(!contracts.has(port), `${port} has a contract`)
    for (const file of tests) assert.ok(existsSync(file), file)
  }
})
