// An access server may stand in another entry of `radiusCoa` than before. What is written down as put on it is that entry's from now on, and
// is told once more: another entry may have other attributes.

import type { Held } from '../../../ports/network-control.ts'
import { writeWhole } from '../../write-whole.ts'
import { readHeld } from '../held-file.ts'
import type { RadiusCoaSettings } from './radius-coa.ts'

type CoaEntry = Pick<RadiusCoaSettings, 'name' | 'realm' | 'servers'>

const tellsOf = ({ realm, servers }: CoaEntry, held: Held): boolean =>
  held.realm === realm && servers.some(({ nas }) => nas === held.session?.nas)

/**
 * `files`: by name of an entry, also of one that is no more. Written where it is given before it is taken away: after a crash in between
 * it stands in both, and is given once more. Throws when a file is damaged.
 */
export function handOver(all: readonly CoaEntry[], files: ReadonlyMap<string, string>): void {
  const given = new Map<string, Held[]>()
  const left = new Map<string, readonly Held[]>()
  for (const [name, path] of files) {
    const own = all.filter(one => one.name === name)
    const takerOf = (held: Held) => [...own, ...all].find(one => tellsOf(one, held))?.name ?? name
    const entries = readHeld(path)
    const stays = entries.filter(held => takerOf(held) === name)
    if (stays.length < entries.length) left.set(name, stays)
    for (const held of entries) {
      const taker = takerOf(held)
      if (taker !== name)
        given.set(taker, [...(given.get(taker) ?? []), { ...held, standing: 'unsure' }])
    }
  }
  for (const [name, more] of given) {
    const path = files.get(name)
    if (path) writeWhole(path, JSON.stringify([...more, ...readHeld(path)]))
  }
  for (const [name, stays] of left) {
    const path = files.get(name)
    if (path) writeWhole(path, JSON.stringify([...(given.get(name) ?? []), ...stays]))
  }
}
