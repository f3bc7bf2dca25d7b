import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPrefix, type Ip, parseIp, parsePrefix, type Prefix } from './ip.ts'
import { type Placed, PrefixReader, PrefixTable, placeOf, prefixOf } from './prefix-table.ts'

const one = (text: string, code = 2): Placed => ({
  ...placeOf(parsePrefix(text) as Prefix),
  code,
  since: 1,
  reference: [7, code],
})
function found(table: PrefixReader, address: string): string | undefined {
  const { family, words } = {
    ...(parseIp(address) as Ip),
    ...placeOf(parsePrefix(address) as Prefix),
  }
  const at = family === 4 ? table.find4(words[3]) : table.find6(...words)
  return at < 0 ? undefined : `${formatPrefix(prefixOf(table.at(at)))} ${table.codeAt(at)}`
}

test('an address is found by the longest prefix that has it, in both families', () => {
  const table = new PrefixTable()
  for (const [text, code] of [
    ['192.0.2.7', 2],
    ['198.51.100.0/24', 4],
    ['198.51.100.128/25', 2],
    ['2001:db8:17::/56', 4],
    ['255.255.255.255', 2],
    ['2001:db8::1', 2],
  ] as const)
    table.put(one(text, code))
  assert.equal(found(table, '192.0.2.7'), '192.0.2.7/32 2')
  assert.equal(found(table, '192.0.2.8'), undefined)
  assert.equal(found(table, '198.51.100.1'), '198.51.100.0/24 4')
  assert.equal(found(table, '198.51.100.200'), '198.51.100.128/25 2')
  assert.equal(found(table, '255.255.255.255'), '255.255.255.255/32 2')
  assert.equal(found(table, '2001:db8:17:ff::9'), '2001:db8:17::/56 4')
  assert.equal(found(table, '2001:db8:17:100::9'), undefined)
  assert.equal(found(table, '2001:db8::1'), '2001:db8::1/128 2')
  assert.equal(table.size, 6)
})

test('what is removed is not found, and may come again', () => {
  const table = new PrefixTable()
  table.put(one('192.0.2.7'))
  assert.equal(table.remove(one('192.0.2.7')), true)
  assert.equal(table.remove(one('192.0.2.7')), false)
  assert.equal(found(table, '192.0.2.7'), undefined)
  table.put(one('192.0.2.7', 4))
  assert.equal(found(table, '192.0.2.7'), '192.0.2.7/32 4')
  assert.equal(table.size, 1)
})

test('a reader in another thread sees the table grow, and a million changes need no more room than what is in it', () => {
  let reader: PrefixReader | undefined
  const table = new PrefixTable(buffer => void (reader = new PrefixReader(buffer)))
  const name = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  for (let i = 0; i < 20_000; i++) table.put(one(name(i)))
  for (let i = 0; i < 20_000; i++)
    assert.equal(found(reader as PrefixReader, name(i)), `${name(i)}/32 2`)
  assert.equal(found(reader as PrefixReader, name(20_001)), undefined)
  for (let i = 0; i < 100_000; i++) {
    table.remove(one(name(i)))
    table.put(one(name(i + 20_000)))
  }
  assert.equal(table.size, 20_000)
  assert.ok(table.buffer.byteLength <= 20_000 * 100, `${table.buffer.byteLength} bytes`)
  assert.deepEqual([...table.all()].length, 20_000)
  assert.equal(table.byReference(7, 2)?.code, 2)
})
