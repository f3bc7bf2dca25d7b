// After a release: what a router still holds of the line, or has not confirmed to have taken off. Staff must not tell a customer that the line
// is open while it is not.

import type { Decision } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Held } from '../../ports/network-control.ts'
import type { OrderParts } from './order-parts.ts'

const RESTRICTS: ReadonlySet<Held['state']> = new Set(['isolated', 'redirect-25'])

/** Nothing when every router has said that what `ended` brought is off. */
export async function stillHeldWords(
  { network }: Pick<OrderParts, 'network'>,
  ended: readonly Decision[],
): Promise<string> {
  const [first] = ended
  if (!first || !isLine(first.subject)) return ''
  const customer = subjectName(first.subject)
  const over = new Set(ended.map(({ id }) => id))
  const said = await Promise.all(
    network.map(async driver => {
      const held = await driver.list(customer).catch(() => undefined)
      if (!held) return [`${driver.name} does not say what it holds`]
      return held
        .filter(entry => isStuck(entry, over))
        .map(({ prefix, state, standing = 'still there', words }) => {
          const why = words === undefined ? '' : `, ${words}`
          return `${prefix} at ${driver.name} is ${state}: ${standing}${why}`
        })
    }),
  )
  const all = said.flat()
  return all.length === 0
    ? ''
    : ` NOT CONFIRMED to be open: ${all.join('; ')}. It is tried again every minute (cordon network doctor).`
}

/** It was put there by what is over, or is not what was acknowledged. */
const isStuck = ({ state, standing, decision }: Held, over: ReadonlySet<string>): boolean =>
  RESTRICTS.has(state) && (standing !== undefined || (decision !== undefined && over.has(decision)))
