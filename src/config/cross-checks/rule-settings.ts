// Settings of rules that name rules, or that cannot both be: rules that do not exist, quotas of one name, spans that end before they begin.

import type { Complaint, Path } from '../complaint.ts'
import { todaysValue } from '../former-keys.ts'
import { closest } from '../schema-complaints.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'
import { toldAgain } from './told-again.ts'

export const ruleSettings = crossCheck(
  ['rules', 'policyService', 'milter', 'quotas', 'strangers'],
  function* (config) {
    for (const key of ['policyService', 'milter'] as const)
      yield* unknownRules([key, 'skipRules'], config[key]?.skipRules ?? [], config)
    for (const { name, at } of toldAgain(config.quotas.map(quota => quota.name)))
      yield {
        path: ['quotas', at, 'name'],
        problem: `there is a quota ${name} already`,
        advice: 'Give every quota a name of its own: it is counted under it.',
      }
    const { greylist } = config.strangers
    if (greylist.delay >= greylist.window)
      yield {
        path: ['strangers', 'greylist', 'delay'],
        problem: 'a first attempt is forgotten before it may come back',
        advice: 'Write a delay that is shorter than the window.',
      }
  },
)

/** Rules that are left out by name, and do not exist. */
export function* unknownRules(
  path: Path,
  names: readonly string[],
  { rules }: Pick<Config, 'rules'>,
): Iterable<Complaint> {
  for (const [i, name] of names.entries()) {
    if (Object.hasOwn(rules, name)) continue
    const today = todaysValue(name, Object.keys(rules))
    const near = closest(name, Object.keys(rules))
    yield {
      path: [...path, i],
      problem: today === undefined ? `there is no rule ${name}` : `${name} is now ${today}`,
      advice:
        today !== undefined
          ? `Write ${today}.`
          : near === undefined
            ? 'Remove it.'
            : `Did you mean ${near}?`,
    }
  }
}
