// Ten thousand isolations at once on a real router (nftables in a namespace), and taken off again; and one more beside them. Only for root.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../src/config/load.ts'
import { baseTable } from '../src/drivers/network/nftables/base-table.ts'
import { NftMonitor } from '../src/drivers/network/nftables/nft-monitor.ts'
import { nftables, nftIn } from '../src/drivers/network/nftables/nftables.ts'
import { HOUR } from '../src/model/duration.ts'
import type { Restriction } from '../src/model/decision.ts'
import { startNetwork } from '../test/support/namespaces.ts'
import { alone, type Row } from './pairs.ts'

const MANY = 10_000

export async function benchRouter(): Promise<Row[]> {
  if (process.getuid?.() !== 0) throw new Error('only root can make network namespaces')
  const folder = mkdtempSync(join(tmpdir(), 'cordon-router-'))
  const network = startNetwork(1)
  try {
    const [settings] = parseConfig('nftables: [{ consumers: [100.64.0.0/10] }]').nftables
    if (!settings) throw new Error('there is no router')
    const file = join(folder, 'base.nft')
    writeFileSync(file, baseTable(settings))
    network.run(network.router, 'nft', '-f', file)
    const command = [...network.router.inside, 'nft']
    const driver = nftables(
      { ...settings, command },
      Date.now,
      nftIn(command, new NftMonitor(command)),
    )
    const entry = (i: number): Restriction => ({
      realm: 'main',
      prefix: `100.${64 + ((i >> 16) & 63)}.${(i >> 8) & 255}.${i & 255}/32`,
      subscriber: `kd${i}`,
      state: 'isolated',
      walledGarden: true,
      decision: `d${i}`,
      until: Date.now() + HOUR,
    })
    const all = Array.from({ length: MANY }, (_, i) => entry(i))
    const [on, one, off]: [number[], number[], number[]] = [[], [], []]
    const timed = async (into: number[], work: Promise<void>) => {
      const began = performance.now()
      await work
      into.push(performance.now() - began)
    }
    for (let round = 0; round < 5; round++) {
      await timed(on, driver.apply(all))
      if ((await driver.list()).length !== MANY) throw new Error('the router does not hold them')
      await timed(one, driver.apply([entry(MANY)]))
      await timed(off, driver.revoke([...all, entry(MANY)]))
      if ((await driver.list()).length !== 0) throw new Error('the router holds something still')
    }
    const row = (name: string, target: number, values: readonly number[]) =>
      alone({ name, unit: 'ms', target, better: 'less' }, values)
    return [
      row('10,000 isolations at once, with notice page', 1000, on),
      row('one more beside 10,000', 100, one),
      row('10,001 taken off at once', 1000, off),
    ]
  } finally {
    network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
