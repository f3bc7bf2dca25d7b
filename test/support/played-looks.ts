// What is seen of a sequence that is played to the real program: what Cordon says and has decided, and what the access server that changes
// sessions on request lets them do.

import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../src/cli/control-client.ts'
import type { Decision } from '../../src/model/decision.ts'
import type { LineOracle, PortState } from './line-oracle.ts'
import { CUSTOMERS, PLAYED } from './played-config.ts'
import { type Live, placeOf, type Scene } from './played-scene.ts'

/** For people: what Cordon and the router say of the addresses. */
export async function shownOf(
  { cordon, network }: Pick<Scene, 'cordon' | 'network'>,
  wrong: readonly string[],
): Promise<readonly string[]> {
  const addresses = PLAYED.filter(one => wrong.some(words => words.includes(`${one} `)))
  const said = addresses.map(async one => {
    const holder = await ask(cordon, `/who?address=${one.replace(/\/\d+$/, '9')}`)
    return `${one}: ${JSON.stringify(holder)}`
  })
  const status = JSON.stringify(await ask(cordon, '/network'))
  return [...(await Promise.all(said)), network.sets(), status]
}

/** What Cordon has decided, once what it was told last has had its consequences. */
export async function settled(
  { cordon }: Pick<Scene, 'cordon'>,
  oracle: LineOracle,
): Promise<readonly string[]> {
  await pause(300)
  const all = await ask<readonly Decision[]>(cordon, '/decisions')
  const closing = all.filter(({ kind }) => kind === 'isolate' || kind === 'suspend')
  const said = closing.flatMap(({ subject }) =>
    subject.startsWith('line:') ? [subject.slice('line:'.length)] : [],
  )
  return oracle.settle(new Set(said), CUSTOMERS)
}

/** What the access server that changes sessions on request lets them do. */
export function* foundByCoa(
  { doorOfCoa }: Pick<Scene, 'doorOfCoa'>,
  sessions: Iterable<Live>,
): Iterable<readonly [string, PortState]> {
  for (const { realm, id, addresses } of sessions)
    if (realm === 'coa')
      for (const one of addresses)
        yield [placeOf(realm, one), doorOfCoa.sessions.isClosed(id) ? 'closed' : 'open']
}
