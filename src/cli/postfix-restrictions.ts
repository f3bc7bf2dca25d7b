// Whether a list of Postfix's restrictions comes to our policy service for all clients. What is in front of it may refuse or look up; whatever
// permits, and whatever is not known here, takes clients out.

type Search = {
  readonly isOurs: (word: string) => boolean
  /** What a setting stands for: a restriction class is one. */
  readonly value: (name: string) => string
}

/** Restrictions that go on to the next one, or refuse. Not a bare `reject`: nothing comes behind it. */
const GOES_ON = /^(?:reject_|defer_|check_|warn_if_reject$|sleep$)/
/** A table, a place, a domain, a number, an option: what a restriction is given. */
const GIVEN = /[^a-z_]/
/** Classes may name each other, to a depth that no configuration has. */
const DEPTH = 8

export const entriesIn = (list: string): readonly string[] =>
  list.split(/[\s,{}]+/).filter(word => word !== '')

export const reaches = (list: string, search: Search): boolean =>
  found(list, search, DEPTH) === 'asked'

/** `on`: it neither asks us nor takes a client out. */
function found(list: string, search: Search, depth: number): 'asked' | 'on' | 'over' {
  if (depth === 0) return 'over'
  const { isOurs, value } = search
  const classes = entriesIn(value('smtpd_restriction_classes'))
  const words = optionless(list)
  for (const [i, written] of words.entries()) {
    const word = written.toLowerCase()
    if (word === 'check_policy_service' && isOurs(words[i + 1] ?? '')) {
      // Then Postfix asks, and does nothing of what is answered.
      if (words[i - 1]?.toLowerCase() !== 'warn_if_reject') return 'asked'
    } else if (classes.includes(written)) {
      const inside = found(value(written), search, depth - 1)
      if (inside !== 'on') return inside
    } else if (!GIVEN.test(word) && !GOES_ON.test(word)) return 'over'
  }
  return 'on'
}

/** The policy services that a list names, without their options. */
export const policyServicesIn = (list: string): readonly string[] => {
  const words = optionless(list)
  return words.filter((_, i) => words[i - 1]?.toLowerCase() === 'check_policy_service')
}

/** Tables of clients, senders and so on that stand in front of our check: each may permit. */
export function tablesBefore(list: string, isOurs: (word: string) => boolean): readonly string[] {
  const words = optionless(list)
  const at = words.findIndex(
    (word, i) => isOurs(word) && words[i - 1]?.toLowerCase() === 'check_policy_service',
  )
  return words
    .slice(0, Math.max(0, at))
    .flatMap((word, i) => (/^check_\w+_access$/i.test(word) ? [`${word} ${words[i + 1]}`] : []))
}

/** Without the options of a policy service: `{ inet:127.0.0.1:10023, timeout = 5s }`. */
const optionless = (list: string): readonly string[] =>
  entriesIn(list.replaceAll(/\{[^{}]*\}|\{[^{}]*\{[^{}]*\}[^{}]*\}/g, group => firstOf(group)))
const firstOf = (group: string): string => ` ${entriesIn(group)[0] ?? ''} `
