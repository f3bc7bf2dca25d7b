// Networks that may send without a login by Postfix's list and are strangers by Cordon's: their mail has the rules of strangers, and neither the
// limits nor the evidence of your own people.

import { contains, parsePrefix, type Prefix } from '../model/ip.ts'
import { entriesIn } from './postfix-restrictions.ts'
import { isForLogins, isOfLoopback } from './postfix-services.ts'
import type { WayCheck } from './postfix-way.ts'

export const ownNetworks: WayCheck = ({ service, value, places, asked }) => {
  if (isForLogins(service) || isOfLoopback(service)) return {}
  const entries = entriesIn(value('mynetworks')).map(bare)
  const missing = DOORS.flatMap(([door, key]) => {
    const ours = asked.includes(door) ? places.own?.[key] : undefined
    if (!ours) return []
    const own = [...LOOPBACK, ...ours].flatMap(one => parsePrefix(one) ?? [])
    const left = entries.filter(one => isOutside(own, parsePrefix(one)))
    const what = `${left.join(', ')} may send without a login (mynetworks), and to Cordon these are strangers`
    const write = `cordon.yaml, ${key}: mynetworks: [${left.map(yaml).join(', ')}]; or take them out of mynetworks`
    return left.length === 0 ? [] : [{ what, write }]
  })
  const unread = entries.filter(one => one.includes('/') && !parsePrefix(one) && one !== MAPPED)
  const note = `mynetworks has ${unread.join(', ')}, which is not read: name these networks in Cordon's mynetworks, too`
  return { missing, notes: asked.length > 0 && unread.length > 0 ? [note] : [] }
}

const DOORS = [
  ['milter', 'milter'],
  ['policy service', 'policyService'],
] as const

/** Postfix writes [2001:db8::]/32. */
const bare = (entry: string): string => entry.replace(/[[\]]/g, '')

const yaml = (entry: string): string => (entry.includes(':') ? `"${entry}"` : entry)

/** Debian has it beside 127.0.0.0/8. */
const MAPPED = '::ffff:127.0.0.0/104'
/** No network of any people. */
const LOOPBACK = ['127.0.0.0/8', '::1/128']

const isOutside = (own: readonly Prefix[], prefix: Prefix | undefined): boolean =>
  prefix !== undefined && !own.some(one => one.bits <= prefix.bits && contains(one, prefix))
