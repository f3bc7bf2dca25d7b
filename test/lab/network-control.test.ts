// What every network driver must do, of nftables: the kernel's own table, in a network namespace of its own.

import { execFileSync } from 'node:child_process'
import { baseTable } from '../../src/drivers/network/nftables/base-table.ts'
import { type Nft, nftables, nftIn } from '../../src/drivers/network/nftables/nftables.ts'
import { AT } from '../support/ledgers.ts'
import { holdsNetworkContract } from '../support/network-contract.ts'

const SETTINGS = {
  name: 'edge',
  realm: 'main',
  consumers: ['203.0.113.0/24'],
  servers: [],
  prefixLengths4: [32],
  prefixLengths6: [56],
  redirect25: 'same-server',
  redirectTo: { addresses: [], port: 587 },
  noticePage: { addresses: [], port: 80 },
  wormPorts: [],
  expertRate: 600,
  logGroup: 25,
} as const

let spaces = 0

holdsNetworkContract('nftables', async t => {
  const space = `cordon-held-${process.pid}-${spaces++}`
  const command = ['ip', 'netns', 'exec', space, 'nft']
  execFileSync('ip', ['netns', 'add', space])
  t.after(() => execFileSync('ip', ['netns', 'del', space]))
  const nft = nftIn(command, {
    began: () => undefined,
    failed: () => undefined,
    done: () => undefined,
  })
  await nft(['-f', '-'], baseTable(SETTINGS))
  let isAway = false
  const kernel: Nft = async (args, script) => {
    if (isAway) throw new Error('the router does not answer')
    return nft(args, script)
  }
  const again = () => nftables({ ...SETTINGS, command }, () => AT, kernel)
  return { driver: again(), again, away: now => void (isAway = now), ofRealm: true }
})
