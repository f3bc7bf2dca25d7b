// Addresses that many homes share by arithmetic: every outside port is of one home, and every home has ports.

import { parsePrefix, type Prefix } from '../../model/ip.ts'
import { type DeterministicMap, usersEach } from '../../model/shared-address.ts'
import { overlap } from './prefixes.ts'
import { crossCheck } from './cross-check.ts'

export const sharedAddresses = crossCheck(
  ['sharedAddresses'],
  function* (config) {
    const maps = config.sharedAddresses.map(
      (map): DeterministicMap => ({
        ...map,
        inside: parsePrefix(map.inside) as Prefix,
        outside: map.outside.map(one => parsePrefix(one) as Prefix),
      }),
    )
    const seen: { readonly realm: string; readonly prefix: Prefix; readonly i: number }[] = []
    for (const [i, map] of maps.entries()) {
      const rooms = map.outside.reduce((sum, one) => sum + sizeOf(one), 0) * usersEach(map)
      if (rooms < sizeOf(map.inside))
        yield {
          path: ['sharedAddresses', i, 'outside'],
          problem: `there are ports for ${rooms} of ${sizeOf(map.inside)} inside addresses`,
          advice: 'Write more outside addresses, or fewer ports each.',
        }
      for (const [j, prefix] of map.outside.entries()) {
        const { realm } = map
        const other = seen.find(one => one.realm === realm && overlap(one.prefix, prefix))
        if (other)
          yield {
            path: ['sharedAddresses', i, 'outside', j],
            problem: `it overlaps an outside prefix of sharedAddresses #${other.i + 1}`,
            advice: 'Write every outside address once.',
          }
        seen.push({ realm, prefix, i })
      }
    }
  },
  { whole: [] },
)

const sizeOf = ({ family, bits }: Prefix): number => 2 ** ((family === 4 ? 32 : 128) - bits)
