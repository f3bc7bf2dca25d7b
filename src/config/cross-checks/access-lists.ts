// Access lists: entries that name something, groups that exist and end, rules there are, places that `geo` can tell.

import type { Match } from '../../model/access-match.ts'
import type { Complaint, Path } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'
import { unknownRules } from './rule-settings.ts'

/** As deep as groups are followed (`MAX_DEPTH` in src/core/policy/access-pattern.ts). */
const MAX_DEPTH = 5

type AccessConfig = Pick<Config, 'access' | 'geo' | 'rules'>

export const accessLists = crossCheck(['access', 'geo', 'rules'], function* (config) {
  const { entries, groups } = config.access
  for (const [i, { match, action, skipRules, to }] of entries.entries()) {
    const path = ['access', 'entries', i]
    yield* wrongIn(match, [...path, 'match'], config)
    const unused = {
      skipRules: skipRules !== undefined && action !== 'accept' ? 'accept' : undefined,
      to: to !== undefined && action !== 'redirect' ? 'redirect' : undefined,
    }
    for (const [key, only] of Object.entries(unused))
      if (only !== undefined)
        yield {
          path: [...path, key],
          problem: `${key} says nothing with action ${action}`,
          advice: `Remove it, or write action: ${only}.`,
        }
    yield* unknownRules([...path, 'skipRules'], skipRules ?? [], config)
  }
  for (const [name, group] of Object.entries(groups)) {
    yield* wrongIn(group, ['access', 'groups', name], config)
    if (depthOf(group, groups) > MAX_DEPTH)
      yield {
        path: ['access', 'groups', name],
        problem: 'its groups contain each other, or are too deep',
        advice: `Write groups that end after ${MAX_DEPTH} steps.`,
      }
  }
})

function* wrongIn(match: Match, path: Path, config: AccessConfig): Iterable<Complaint> {
  const named = Object.values(match).filter(one => one !== undefined)
  if (named.length === 0)
    yield {
      path,
      problem: 'it names nothing, so it fits nothing',
      advice: 'Write what must fit, such as address or sender.',
    }
  for (const [i, group] of (match.group ?? []).entries())
    if (!Object.hasOwn(config.access.groups, group))
      yield {
        path: [...path, 'group', i],
        problem: `there is no group ${group}`,
        advice: 'Write the name of one of access.groups.',
      }
  for (const key of ['country', 'asn'] as const)
    if (match[key] && config.geo[key] === undefined)
      yield {
        path: [...path, key],
        problem: `nothing says which ${key} an address is in`,
        advice: `Write the file in geo.${key}.`,
      }
  if (match.not) yield* wrongIn(match.not, [...path, 'not'], config)
}

function depthOf(match: Match, groups: Readonly<Record<string, Match>>, depth = 0): number {
  if (depth > MAX_DEPTH) return depth
  const inner = (match.group ?? []).flatMap(name =>
    Object.hasOwn(groups, name) ? (groups[name] ?? []) : [],
  )
  const all = match.not ? [...inner, match.not] : inner
  return Math.max(depth, ...all.map(one => depthOf(one, groups, depth + 1)))
}
