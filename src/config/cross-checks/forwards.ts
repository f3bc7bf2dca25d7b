// Forwards end somewhere: no loop, and no more steps than the engine follows.

import { foldAddress, withoutExtension } from '../../model/mail-address.ts'
import type { Complaint } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

/** As many as the engine follows (`MAX_FORWARDS` in src/engine/intake/envelope.ts); what is left then would come back as undeliverable. */
const MAX_STEPS = 5

const OWN = ['forwards', 'recipientDelimiter', 'mailboxes', 'traps'] as const
const KEYS = [...OWN, 'subscribers'] as const
type ForwardsConfig = Pick<Config, (typeof KEYS)[number]>

/** Of customers it needs names and addresses; they are all there as long as every entry is. */
export const forwards = crossCheck(KEYS, ways, { whole: OWN })

function* ways(config: ForwardsConfig): Iterable<Complaint> {
  const { forwards: given } = config
  const reaches = whoIsReached(config)
  const next = new Map<string, readonly string[]>()
  for (const [from, to] of Object.entries(given)) {
    const folded = foldAddress(from)
    // One that names itself beside others keeps a copy; by itself it would be sent nowhere else.
    const others = to.filter(one => foldAddress(one) !== folded)
    next.set(folded, (others.length > 0 ? others : to).map(reaches))
  }
  for (const from of Object.keys(given)) {
    const way = wayOf(foldAddress(from), next)
    if (way.loops)
      yield {
        path: ['forwards', from],
        problem: `mail goes in a circle: ${way.through.join(' → ')}`,
        advice:
          'End it at a mailbox, or outside. An address that keeps a copy names itself: bob@: [bob@, keep@].',
      }
    else if (way.through.length - 1 > MAX_STEPS)
      yield {
        path: ['forwards', from],
        problem: `mail is forwarded ${way.through.length - 1} times: ${way.through.join(' → ')}`,
        advice: `Write ${MAX_STEPS} steps at most.`,
      }
  }
}

/**
 * Which of our addresses mail to an address comes to: what is behind a delimiter is left out where no mailbox has all of it, as when mail
 * is taken (src/drivers/directory/recipients-configured.ts). Only what leads on to a forward is written otherwise.
 */
function whoIsReached(config: ForwardsConfig): (address: string) => string {
  const given = new Set(Object.keys(config.forwards).map(foldAddress))
  const boxes = new Set([...config.mailboxes, ...config.traps].map(foldAddress))
  for (const { logins } of config.subscribers)
    for (const { name, addresses } of logins)
      for (const one of [name, ...addresses]) boxes.add(foldAddress(one))
  return address => {
    const folded = foldAddress(address)
    if (given.has(folded) || boxes.has(folded)) return folded
    const base = withoutExtension(folded, config.recipientDelimiter)
    return given.has(base) ? base : folded
  }
}

type ForwardWay = { readonly through: readonly string[]; readonly loops: boolean }

/** The longest way from an address, cut where it is too long anyway, or the way that comes back. */
function wayOf(start: string, next: ReadonlyMap<string, readonly string[]>): ForwardWay {
  /** Addresses whose ways are known to be no longer than what is left for them. */
  const done = new Map<string, number>()
  let longest: readonly string[] = [start]
  const follow = (through: readonly string[]): ForwardWay | undefined => {
    const here = through[through.length - 1] as string
    if (through.length > longest.length) longest = through
    if (through.length > LONGEST_CIRCLE) return undefined
    if ((done.get(here) ?? -1) >= through.length) return undefined
    done.set(here, through.length)
    for (const to of next.get(here) ?? []) {
      if (to === start) return { through: [...through, to], loops: true }
      const back = through.includes(to) ? undefined : follow([...through, to])
      if (back) return back
    }
    return undefined
  }
  return follow([start]) ?? { through: longest, loops: false }
}

/** Circles are looked for no further than this; a way as long is refused as too long. */
const LONGEST_CIRCLE = 20
