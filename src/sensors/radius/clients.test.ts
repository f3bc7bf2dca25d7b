import assert from 'node:assert/strict'
import { test } from 'node:test'
import { radiusClients } from './clients.ts'

test('of an address that no client names, the second that tells of it is told apart; not when both name it', () => {
  const made = radiusClients(
    [
      { address: '192.0.2.1', secret: 'one' },
      { address: '192.0.2.2', secret: 'two' },
      { address: '192.0.2.3', secret: 'three', nas: [{ name: '10.0.0.9' }] },
      { address: '192.0.2.4', secret: 'four', nas: [{ name: '10.0.0.9' }] },
    ],
    'main',
  )
  const second = (address: string, nas: string) => made.get(address)?.isSecondFor(nas)
  assert.deepEqual(
    [
      second('192.0.2.1', '10.0.0.1'),
      second('192.0.2.2', '10.0.0.1'),
      second('192.0.2.1', '10.0.0.1'),
    ],
    [false, true, false],
  )
  assert.deepEqual(
    [second('192.0.2.3', '10.0.0.9'), second('192.0.2.4', '10.0.0.9')],
    [false, false],
  )
  assert.equal(second('192.0.2.2', '192.0.2.2'), false)
})

const clients = (...all: Parameters<typeof radiusClients>[0]) => {
  const made = radiusClients(all, 'main')
  return (address: string, nas: string) => made.get(address)?.speaksFor(nas)
}

test('of clients that name no access servers the first that tells of a name speaks for it; of an address any', () => {
  const speaks = clients(
    { address: '192.0.2.1', secret: 'one' },
    { address: '192.0.2.2', secret: 'two' },
    { address: '192.0.2.3', secret: 'three', nas: [{ name: 'bng3' }] },
    { address: '192.0.2.4', secret: 'four', nas: [{ name: 'bng3' }] },
  )
  assert.deepEqual(
    [
      speaks('192.0.2.1', 'MikroTik'),
      speaks('192.0.2.2', 'MikroTik'),
      speaks('192.0.2.1', 'MikroTik'),
    ],
    [true, false, true],
  )
  // Two proxies in front of it.
  assert.deepEqual([speaks('192.0.2.1', '10.0.0.7'), speaks('192.0.2.2', '10.0.0.7')], [true, true])
  assert.deepEqual([speaks('192.0.2.3', 'bng3'), speaks('192.0.2.4', 'bng3')], [true, true])
  assert.deepEqual([speaks('192.0.2.1', 'bng3'), speaks('192.0.2.1', '192.0.2.2')], [false, false])
})
