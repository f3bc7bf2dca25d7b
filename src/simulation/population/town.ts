// The people of a small town and the world they write to. Values only; where each lives follows from the seed.

import type { Flag, Plan } from '../../model/subscriber.ts'
import type { Random } from './random.ts'

export type Habit =
  | 'ordinary'
  | 'club'
  | 'stale-book'
  | 'forwarder'
  | 'traveller'
  | 'mistyper'
  | 'two-machines'
  | 'newsletter'
  | 'expert'
  | 'site'

export type Resident = {
  readonly id: string
  readonly plan: Plan
  readonly flags: readonly Flag[]
  readonly language: string
  readonly login: string
  readonly password: string
  readonly portalPassword: string
  readonly habit: Habit
  /** Messages on a usual day. */
  readonly perDay: number
  readonly friends: readonly string[]
  readonly lease: { readonly prefix: string; readonly ports?: readonly [number, number] }
  /** An address inside the lease, as the outside sees it. */
  readonly address: string
}

export const OUR_DOMAIN = 'isp.example'
/** All other people: domain and the address of its mail exchanger (RFC 5737 documentation addresses). */
export const OUTSIDE = [
  'harbour',
  'meadow',
  'copper',
  'violet',
  'quartz',
  'willow',
  'orbit',
  'marble',
  'sparrow',
  'candle',
  'ledger',
  'thunder',
].map((name, i) => ({ domain: `${name}.example`, address: `198.51.100.${10 + i}` }))

const NAMES = [
  'anna',
  'bert',
  'clara',
  'david',
  'emma',
  'felix',
  'greta',
  'hugo',
  'ida',
  'jonas',
  'karin',
  'lars',
  'maria',
  'nils',
  'olga',
  'paul',
  'rosa',
  'stefan',
  'tilda',
  'ulf',
  'vera',
  'willem',
  'xenia',
  'yara',
  'zoe',
  'amir',
  'bianca',
  'carl',
  'dora',
  'erik',
  'flora',
  'gustav',
  'hanna',
  'ivan',
  'julia',
  'kurt',
  'lena',
  'marco',
  'nora',
  'otto',
]

/** Habits of residents; all others are ordinary. */
const HABITS: Readonly<Record<number, Habit>> = {
  1: 'club',
  2: 'stale-book',
  3: 'forwarder',
  4: 'traveller',
  5: 'mistyper',
  6: 'two-machines',
  7: 'newsletter',
  8: 'expert',
  9: 'site',
}

export function town(random: Random): readonly Resident[] {
  return NAMES.map((name, i): Resident => {
    const draw = random.fork(`resident ${i}`)
    const habit = HABITS[i] ?? 'ordinary'
    const home = homeOf(i)
    return {
      id: name,
      plan:
        habit === 'newsletter'
          ? 'business'
          : habit === 'expert'
            ? 'expert'
            : habit === 'site'
              ? 'site'
              : 'consumer',
      flags: i === 11 ? ['lifeline'] : [],
      language: draw.chance(0.2) ? 'de' : 'en',
      login: `${name}@${OUR_DOMAIN}`,
      password: `${name}-mail-${draw.below(1e9)}`,
      portalPassword: `${name}-portal-${draw.below(1e9)}`,
      habit,
      perDay: habit === 'site' ? 60 : habit === 'newsletter' ? 30 : Math.round(draw.between(8, 24)),
      friends: friendsOf(draw, habit),
      ...home,
    }
  })
}

/** Every other home has an IPv6 prefix; the last two share one IPv4 address. */
function homeOf(i: number): Pick<Resident, 'lease' | 'address'> {
  if (i >= NAMES.length - 2) {
    const ports: [number, number] = i === NAMES.length - 1 ? [32_768, 65_535] : [1024, 32_767]
    return { lease: { prefix: '203.0.113.250/32', ports }, address: '203.0.113.250' }
  }
  if (i % 2 === 1) {
    const home = (0x100 + i).toString(16)
    return {
      lease: { prefix: `2001:db8:${home}::/56` },
      address: `2001:db8:${home}::${(i * 7 + 2).toString(16)}`,
    }
  }
  return { lease: { prefix: `203.0.113.${10 + i}/32` }, address: `203.0.113.${10 + i}` }
}

function friendsOf(random: Random, habit: Habit): string[] {
  const count =
    habit === 'club'
      ? 60
      : habit === 'newsletter'
        ? 200
        : habit === 'stale-book'
          ? 30
          : 12 + random.below(20)
  return Array.from({ length: count }, (_, i) => {
    // A fifth of a stale address book has moved away.
    const gone = habit === 'stale-book' && i % 5 === 4
    return `${gone ? 'gone' : 'friend'}-${random.below(1e6)}@${random.pick(OUTSIDE).domain}`
  })
}

/** A person never written to before. */
export function stranger(random: Random): string {
  return `person-${random.below(1e9)}@${random.pick(OUTSIDE).domain}`
}

/** An address from a bought list: more than a third of those exist no more. */
export function target(random: Random): string {
  return `${random.chance(0.38) ? 'gone' : 'victim'}-${random.below(1e9)}@${random.pick(OUTSIDE).domain}`
}
