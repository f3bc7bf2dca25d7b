// One sequence from its seed: Cordon and the access servers are started, the sequence is played, and all of it is ended.

import { AccessServer } from './access-server.ts'
import { CoaServer } from './coa-server.ts'
import {
  CLOCKS,
  COA_BEHIND,
  COA_FROM,
  config,
  TWICE,
  TWICE_FROM,
  WEST_BEHIND,
} from './played-config.ts'
import { Player } from './played-lines.ts'
import { PlayedCordon, type PlayedNetwork, type Ports } from './played-network.ts'
import type { PlayAsked, Played } from './played-scene.ts'

export async function play(network: PlayedNetwork, asked: PlayAsked): Promise<Played> {
  network.delay(0, 0)
  const configured = (ports: Ports) => config(network.command, ports)
  network.loadTable(configured({ radius: 1813, log: 1025, coa: 3799 }))
  const doorOfCoa = await CoaServer.open(COA_FROM)
  const cordon = await PlayedCordon.start(configured, doorOfCoa.port)
  const opened = (name: string, from: string, behind: number | undefined, says?: string) =>
    AccessServer.open({
      name,
      from,
      behind,
      port: cordon.ports.radius,
      ...(says === undefined ? {} : { says }),
    })
  const main = await Promise.all([
    ...CLOCKS.map((behind, i) => opened(`bng${i + 1}`, `127.0.1.${i + 1}`, behind)),
    ...TWICE_FROM.map(from => opened(`twice ${from}`, from, 0, TWICE)),
  ])
  const west = await opened('west', '127.0.1.9', WEST_BEHIND)
  const coa = await opened('bngc', COA_FROM, COA_BEHIND)
  const player = new Player(
    { network, cordon, main, west, coa, doorOfCoa },
    asked,
    configured(cordon.ports),
  )
  try {
    return await player.play()
  } finally {
    await player.over()
    for (const one of [...main, west, coa, doorOfCoa]) one.close()
    await cordon.remove()
  }
}
