// Of a prefix that is listed, the leases of other customers in it are not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listedLines } from '../../../test/support/listed-lines.ts'
import { type ListNames, LIST_FORMATS } from '../../drivers/list-files/formats.ts'

const WIDE = '198.51.100.0/24'
const NARROW = '198.51.100.77/32'

for (const [wide, narrow, inside, beside] of [
  [WIDE, NARROW, '198.51.100.77', '198.51.100.78'],
  ['2001:db8:17::/48', '2001:db8:17:5::/64', '2001:db8:17:5::9', '2001:db8:17:6::9'],
] as const) {
  test(`${narrow} of another customer in ${wide} is not listed, whichever was there first`, () => {
    for (const order of [
      ['wide', 'narrow', 'isolate'],
      ['narrow', 'wide', 'isolate'],
      ['wide', 'isolate', 'narrow'],
    ]) {
      const { lease, isolate, release, end, of, list } = listedLines()
      const steps: Record<string, () => void> = {
        wide: () => lease('guilty', wide),
        narrow: () => lease('innocent', narrow),
        isolate: () => isolate('guilty'),
      }
      for (const step of order) steps[step]?.()
      assert.deepEqual([of(inside), of(beside)], [undefined, wide], order.join())
      assert.equal(list.size, 1)
      isolate('innocent')
      assert.equal(of(inside), narrow)
      release('innocent')
      assert.equal(of(inside), undefined, 'as before')
      end('innocent', narrow)
      assert.equal(of(inside), wide, 'it is the wide line’s own again')
      release('guilty')
      assert.deepEqual([of(inside), of(beside)], [undefined, undefined])
    }
  })
}

test('a start finds them all', async () => {
  const { lease, isolateUnseen, of, list } = listedLines()
  isolateUnseen('guilty')
  lease('innocent', NARROW)
  lease('guilty', WIDE)
  await list.refreshAll()
  assert.deepEqual([of('198.51.100.77'), of('198.51.100.78')], [undefined, WIDE])
})

test('the line’s own lease in a lease of another in its own is listed', () => {
  const { lease, isolate, of } = listedLines()
  lease('guilty', WIDE)
  lease('innocent', '198.51.100.64/26')
  lease('guilty', NARROW)
  isolate('guilty')
  assert.deepEqual(['198.51.100.1', '198.51.100.65', '198.51.100.77'].map(of), [
    WIDE,
    undefined,
    NARROW,
  ])
})

test('an address in it that several share, or that is in doubt, is not listed either, until the last of them is gone', () => {
  const { lease, end, isolate, of } = listedLines()
  lease('guilty', WIDE)
  const [ofA, ofB] = [{ ports: [1024, 2047] }, { ports: [2048, 4095] }] as const
  lease('a', NARROW, ofA)
  lease('b', NARROW, ofB)
  lease('guilty', '198.51.100.9/32', { doubtFrom: 1 })
  isolate('guilty')
  assert.equal(of('198.51.100.9'), undefined)
  end('a', NARROW, ofA)
  assert.equal(of('198.51.100.77'), undefined)
  end('b', NARROW, ofB)
  assert.equal(of('198.51.100.77'), WIDE)
})

test('whichever of them is gone first', () => {
  const { lease, end, isolate, of } = listedLines()
  const [ofA, ofB] = [{ ports: [1024, 2047] }, { ports: [2048, 4095] }] as const
  lease('guilty', WIDE)
  lease('a', NARROW, ofA)
  lease('b', NARROW, ofB)
  isolate('guilty')
  end('b', NARROW, ofB)
  assert.equal(of('198.51.100.77'), undefined)
  end('a', NARROW, ofA)
  assert.equal(of('198.51.100.77'), WIDE)
})

test('the files leave them out, too: by an exclusion, or by what is left around them', () => {
  const { lease, isolate, list } = listedLines()
  lease('guilty', '198.51.100.0/30')
  lease('innocent', '198.51.100.2/32')
  lease('guilty', '2001:db8:17::/48')
  lease('innocent', '2001:db8:17:8000::/49')
  isolate('guilty')
  const names: ListNames = {
    zone: 'l.isp.example',
    ttl: 60,
    nameServers: ['ns.isp.example'],
    contact: 'postmaster.isp.example',
    provider: 'Example',
  }
  const [ip4, ip6, , , , rpz, nft] = LIST_FORMATS.map(({ lines }) => [
    ...lines(list.snapshot(), names),
  ])
  assert.ok(ip4?.includes('!198.51.100.2/32'))
  assert.ok(ip6?.includes('!2001:db8:17:8000::/49'))
  assert.deepEqual(
    rpz?.filter(line => line.includes('rpz-ip')).toSorted(),
    ['31.0.100.51.198', '32.3.100.51.198', '49.zz.17.db8.2001'].map(one => `${one}.rpz-ip CNAME .`),
  )
  assert.match(nft?.join('\n') ?? '', /infected4 \{ 198\.51\.100\.0\/31, 198\.51\.100\.3\/32 \}/)
  assert.match(nft?.join('\n') ?? '', /infected6 \{ 2001:db8:17::\/49 \}/)
})
