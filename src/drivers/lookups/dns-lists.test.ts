import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../model/duration.ts'
import type { DnsAnswer } from '../../ports/resolver.ts'
import { dnsLists, labelsOf } from './dns-lists.ts'

function listsOver(zone: (entry: string) => readonly string[] | undefined) {
  const asked: string[] = []
  const alarms: string[] = []
  let at = 0
  const resolver = {
    listed: async (entry: string): Promise<DnsAnswer<readonly string[]>> => {
      asked.push(entry)
      const value = zone(entry)
      return value ? { value } : { failed: 'timeout' }
    },
  }
  const lists = dnsLists(
    resolver,
    () => at,
    words => void alarms.push(words),
  )
  return { lists, asked, alarms, later: () => (at += HOUR + 1) }
}

const proper = (more: Record<string, string[]>) => (entry: string) =>
  ({ '2.0.0.127.bl.example': ['127.0.0.2'], 'test.dbl.example': ['127.0.1.2'], ...more })[entry] ??
  []

test('a proper list: listed, not listed, IPv6, domains', async () => {
  const six = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'
  const { lists, alarms } = listsOver(
    proper({
      '7.100.51.198.bl.example': ['127.0.0.4'],
      [`${six}.bl.example`]: ['127.0.0.3'],
      'spam.example.dbl.example': ['127.0.1.2'],
    }),
  )
  assert.deepEqual(await lists.ask('bl.example', '198.51.100.7'), ['127.0.0.4'])
  assert.deepEqual(await lists.ask('bl.example', '198.51.100.8'), [])
  assert.deepEqual(await lists.ask('bl.example', '2001:db8::1'), ['127.0.0.3'])
  assert.deepEqual(await lists.ask('dbl.example', 'spam.example'), ['127.0.1.2'])
  assert.deepEqual(alarms, [])
  assert.equal(labelsOf('2001:db8::1'), six)
})

test('a list that answers everything, or nothing, is switched off, an alarm is told once, and it is tested again', async () => {
  let dead = true
  const { lists, alarms, later, asked } = listsOver(entry =>
    dead ? ['127.0.0.2'] : proper({})(entry),
  )
  await assert.rejects(lists.ask('bl.example', '198.51.100.7'), /lists everything/)
  await assert.rejects(lists.ask('bl.example', '198.51.100.8'), /lists everything/)
  assert.equal(alarms.length, 1)
  assert.ok(!asked.includes('8.100.51.198.bl.example'))
  dead = false
  later()
  assert.deepEqual(await lists.ask('bl.example', '198.51.100.7'), [])
  const empty = listsOver(() => [])
  await assert.rejects(empty.lists.ask('bl.example', '198.51.100.7'), /lists nothing/)
})

test('errors are never listings', async () => {
  for (const code of ['127.255.255.254', '192.0.2.1']) {
    const { lists } = listsOver(proper({ '7.100.51.198.bl.example': [code] }))
    await assert.rejects(lists.ask('bl.example', '198.51.100.7'), /answers/)
  }
  const silent = listsOver(entry => (entry.startsWith('7.') ? undefined : proper({})(entry)))
  await assert.rejects(silent.lists.ask('bl.example', '198.51.100.7'), /timeout/)
})
