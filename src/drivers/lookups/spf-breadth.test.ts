import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL_ADDRESSES, spfBreadth } from './spf-breadth.ts'

const RECORDS: Readonly<Record<string, string>> = {
  one: 'v=spf1 ip4:192.0.2.1 -all',
  net: 'v=spf1 ip4:10.0.0.0/8 ip4:192.0.2.0/24 ~all',
  all: 'v=spf1 +all',
  bare: 'v=spf1 all',
  far: 'v=spf1 include:net ?ip4:0.0.0.0/0 a mx/24 -all',
  sent: 'v=spf1 redirect=all',
  after: 'v=spf1 -all ip4:0.0.0.0/1',
  halves: 'v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all',
  loop: 'v=spf1 include:loop ip4:192.0.2.1 -all',
  macro: 'v=spf1 exists:%{i}.x include:%{d}.y -all',
  nothing: 'hello',
  odd: 'v=spf1 include:a..b ip4:192.0.2.1 include:one. -all',
  hidden: 'v=spf1 include:a..b +all',
}
const resolver = {
  texts: async (name: string) =>
    name === 'a..b' ? ({ failed: 'bad-name' } as const) : { value: [RECORDS[name] ?? ''] },
}

test('how many addresses may send for a domain', async () => {
  for (const [name, size] of [
    ['one', 1],
    ['net', 2 ** 24 + 256],
    ['all', ALL_ADDRESSES],
    ['bare', ALL_ADDRESSES],
    ['far', 2 ** 24 + 256 + 1 + 256],
    ['sent', ALL_ADDRESSES],
    ['after', 0],
    ['halves', ALL_ADDRESSES],
    ['loop', 11],
    ['macro', 0],
    ['nothing', 0],
    ['odd', 2],
    ['hidden', ALL_ADDRESSES],
    ['absent', 0],
  ] as const)
    assert.equal(await spfBreadth(resolver, name), size, name)
})

test('without an answer nothing is said', async () => {
  const silent = { texts: async () => ({ failed: 'timeout' as const }) }
  await assert.rejects(spfBreadth(silent, 'one'))
})
