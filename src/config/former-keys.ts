// Settings and values that had another name in an earlier version: an operator that still writes the old one is told today's.

import type { Path } from './complaint.ts'

/** A number in the path is an entry of a list: `*`. */
const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'policyService.leave': 'skipRules',
    'milter.leave': 'skipRules',
    'access.entries.*.skip': 'skipRules',
    'nftables.*.turnRound': 'redirect25',
    'nftables.*.turnedTo': 'redirectTo',
    'radiusCoa.*.turnedRound': 'redirected',
    'rules.manners': 'protocol-violation',
    'strangers.manners': 'protocolViolations',
    'attachments.refused': 'rejected',
    'strangers.greylist.bits4': 'prefixLength4',
    'strangers.greylist.bits6': 'prefixLength6',
    'nftables.*.lengths4': 'prefixLengths4',
    'nftables.*.lengths6': 'prefixLengths6',
    'natLog.given': 'allocated',
    'natLog.taken': 'released',
    'radiusCoa.*.normal': 'default',
  }),
)

/** The first of these that is possible where the old value stands is meant. */
const VALUES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'turned-round': ['redirected', 'redirect-25'],
    manners: ['protocol-violation'],
    refuse: ['reject'],
    repair: ['normalize'],
    everybody: ['all'],
    normal: ['default'],
  }),
)

/** Today's name of the setting that this was. */
export const todaysKey = (path: Path): string | undefined =>
  KEYS.get(path.map(key => (typeof key === 'number' ? '*' : String(key))).join('.'))

/** Today's name of a value, of those that are possible there. */
export const todaysValue = (value: unknown, possible: readonly unknown[]): string | undefined =>
  VALUES.get(String(value))?.find(one => possible.includes(one))
