// The files of the list as Debian's programs read them: rbldnsd answers the same as we do for a hundred thousand addresses, nft takes the
// sets, and unbound the response policy zone.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDnsServer } from '../../src/doors/dns/server.ts'
import { listFiles } from '../../src/drivers/list-files/list-files.ts'
import { formatIp, formatPrefix, parsePrefix, type Prefix } from '../../src/model/ip.ts'
import type { ListedNow } from '../../src/model/listed-now.ts'
import { PrefixTable, placeOf } from '../../src/model/prefix-table.ts'
import { backwards } from '../../src/model/reverse-name.ts'
import { askAll, rbldnsd } from '../support/dns-list.ts'
import { chance } from '../support/chance.ts'
import { run } from '../support/serve.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cordon-list-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
/** Not there before it is written, as in `list.exports`; those who read it are other users. */
const folder = join(scratch, 'list')

const names = {
  zone: 'l.isp.example',
  ttl: 60,
  nameServers: ['ns1.isp.example'],
  contact: 'postmaster.isp.example',
  page: 'https://help.isp.example/why/$',
  provider: 'ISP',
}
const ASKED = 100_000
const ENTRIES = 5000
const LENGTHS_4 = [32, 32, 32, 31, 29, 28, 24, 20]
const LENGTHS_6 = [128, 64, 56, 48]

const random = chance(22)
const up = (most: number) => Math.floor(random() * most)
const prefixOf = (family: 4 | 6, bits: number) => {
  const text =
    family === 4
      ? `10.${up(64)}.${up(256)}.${up(256)}/${bits}`
      : `2001:db8:${up(64).toString(16)}:${up(256).toString(16)}::/${bits}`
  return formatPrefix(parsePrefix(text) as Prefix)
}
const innermost = (text = '') => {
  const { family, value } = parsePrefix(text) as Prefix
  return formatPrefix({ family, value: value + 1n, bits: family === 4 ? 32 : 128 })
}
const prefixes = new Set<string>()
while (prefixes.size < ENTRIES) {
  const family = random() < 0.8 ? 4 : 6
  const lengths = family === 4 ? LENGTHS_4 : LENGTHS_6
  prefixes.add(prefixOf(family, lengths[up(lengths.length)] ?? 32))
}
const entries: readonly ListedNow[] = Array.from(prefixes, (prefix, i) => ({
  prefix,
  as: i % 2 === 0 ? 'isolated' : 'infected',
  code: i % 2 === 0 ? 4 : 2,
  since: 1_764_000_000_000,
  entry: i.toString(16).padStart(16, '0'),
}))
/** In entries that are listed. */
const spared = Array.from({ length: ENTRIES / 50 }, (_, i) => innermost(entries[i * 50]?.prefix))
  .filter(prefix => !prefixes.has(prefix))
  .filter((prefix, i, all) => all.indexOf(prefix) === i)
const exempt = ['10.200.7.0/24', '10.200.9.9/32']
const consumers = ['10.200.0.0/16', '2001:db8:ff00::/40']

test('rbldnsd answers as we do, from our files, for a hundred thousand addresses', {
  timeout: 300_000,
}, async () => {
  const snapshot = {
    serial: 7,
    entries: () => entries,
    domains: ['rogue.example'],
    consumers,
    exempt,
    spared,
  }
  // As `cordon serve` runs.
  const before = process.umask(0o077)
  const list = { serial: 7, snapshot: () => snapshot, notBefore: () => undefined }
  await listFiles({ ...names, folder }, list).write(0)
  process.umask(before)
  const zones = [
    'infected.ip4trie',
    'infected.ip6trie',
    'consumers.ip4trie',
    'consumers.ip6trie',
    'domains.dnset',
  ].map(file => {
    const [part, type] = file.split('.')
    return `${part}.l.isp.example:${type}:${file}`
  })
  const peer = await rbldnsd(folder, zones)
  const table = (of: readonly (readonly [string, number])[]) => {
    const made = new PrefixTable()
    for (const [text, code] of of)
      made.put({ ...placeOf(parsePrefix(text) as Prefix), code, since: 1, reference: [1, 2] })
    return made.buffer
  }
  const image = {
    infected: table([
      ...entries.map(one => [one.prefix, one.code] as const),
      ...spared.map(one => [one, 0] as const),
    ]),
    consumers: table(consumers.map(one => [one, 10])),
    exempt: table(exempt.map(one => [one, 1])),
    domains: ['rogue.example'],
    serial: 7,
  }
  const ours = await openDnsServer({
    place: { address: '127.0.0.1', port: 0 },
    settings: { ...names, clients: ['127.0.0.0/8'], perSecond: 10_000_000 },
    listed: { image: () => image, onReplaced: () => () => undefined },
    trouble: assert.fail,
  })
  try {
    const asked = Array.from({ length: ASKED }, (_, i) => questionAt(i))
    const [theirs, said] = [await askAll(peer.port, asked), await askAll(ours.port, asked)]
    const different = asked.filter((_, i) => theirs[i] !== said[i]).slice(0, 5)
    assert.deepEqual(different, [])
    const listed = said.filter(one => one !== '').length
    assert.ok(listed > ASKED / 10 && listed < ASKED * 0.9, `${listed} of them listed`)
  } finally {
    peer.stop()
    await ours.close()
  }
})

/** Addresses in entries, beside them, and anywhere. */
function questionAt(i: number): string {
  const part = i % 10 === 0 ? 'consumers' : 'infected'
  if (i % 100 === 1)
    return `${i % 200 === 1 ? 'a.' : ''}${i % 300 === 1 ? 'no' : ''}rogue.example.domains.l.isp.example`
  const { family, value } = parsePrefix(entries[up(ENTRIES)]?.prefix ?? '') as Prefix
  const near = family === 4 ? value + BigInt(up(300)) : value + (BigInt(up(300)) << BigInt(up(80)))
  const far = parsePrefix(
    part === 'consumers' ? `10.${up(2) + 200}.${up(12)}.${up(12)}` : prefixOf(4, 32),
  ) as Prefix
  const ip =
    i % 3 === 0 ? far : { family, value: near & ((1n << (family === 4 ? 32n : 128n)) - 1n) }
  assert.ok(formatIp(ip))
  return `${backwards(ip)}.${part}.l.isp.example`
}

test('nft takes the sets', async () => {
  const { code, output } = await run('/usr/sbin/nft', ['-c', '-f', join(folder, 'list.nft')])
  assert.equal(code, 0, output)
})

test('unbound takes the response policy zone', async () => {
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    `server:\n  module-config: "respip iterator"\n  chroot: ""\n  username: ""\n  directory: "${folder}"\nrpz:\n  name: "rpz.isp.example"\n  zonefile: "${join(folder, 'list.rpz')}"\n`,
  )
  const { code, output } = await run('/usr/sbin/unbound-checkconf', [config])
  assert.equal(code, 0, output)
})

test('list.json names its serial, and the content of each file', () => {
  const said = JSON.parse(readFileSync(join(folder, 'list.json'), 'utf8')) as {
    serial: number
    sha256: Record<string, string>
    entries: unknown[]
  }
  assert.equal(said.serial, 7)
  assert.equal(said.entries.length, ENTRIES)
  for (const [file, sha256] of Object.entries(said.sha256))
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
      sha256,
    )
})
