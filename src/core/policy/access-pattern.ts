// The patterns of access lists: the mail that an entry is about. Everything that is named must fit; of each list, one.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Match } from '../../model/access-match.ts'
import { contains, type Ip, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'
import { domainOf, foldAddress, foldDomain, personOf } from '../../model/mail-address.ts'
import { firstAnswer, type Fact, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'

/** Of one recipient. A fact that could not be looked up does not fit. */
export type Fits = (step: AttributedStep, recipient: string, facts: readonly Fact[]) => boolean

export type Pattern = {
  readonly fits: Fits
  /** What must be looked up for it. */
  readonly needs: ReadonlySet<Question['about']>
}

export type Groups = Readonly<Record<string, Match>>

/** Groups within groups within groups … */
const MAX_DEPTH = 5

export function compile(match: Match, groups: Groups, depth = 0): Pattern {
  const tests: Fits[] = []
  const needs = new Set<Question['about']>()
  const also = (inner: Pattern) => {
    for (const need of inner.needs) needs.add(need)
    return inner.fits
  }
  const { helo, sender, recipient, login, name, organisation, country, asn } = match
  if (match.address) {
    const prefixes = match.address.flatMap(text => parsePrefix(text) ?? [])
    tests.push(({ client }) => inOneOf(prefixes, parseIp(client.address)))
  }
  if (helo) tests.push(step => step.helo !== undefined && named(helo, step.helo))
  if (sender) {
    const fits = addressed(sender)
    tests.push(step => step.sender !== undefined && fits(step.sender))
  }
  if (recipient) {
    const fits = addressed(recipient)
    tests.push((_step, to) => to !== '' && fits(to))
  }
  if (login) {
    const fits = addressed(login)
    tests.push(step => step.login !== undefined && fits(step.login))
  }
  if (organisation)
    tests.push(step => named(organisation, organisationalDomain(domainOf(step.sender ?? ''))))
  if (name) {
    needs.add('reverse-name')
    tests.push((_step, _to, facts) => confirmed(facts).some(one => named(name, one)))
  }
  if (country || asn) {
    needs.add('place')
    tests.push((_step, _to, facts) => {
      const place = placeIn(facts)
      const here = country === undefined || named(country, place.country ?? '-')
      return here && (asn === undefined || asn.includes(place.asn ?? -1))
    })
  }
  if (match.group) {
    const members = match.group.flatMap(one => {
      const group = Object.hasOwn(groups, one) ? groups[one] : undefined
      return group && depth < MAX_DEPTH ? [also(compile(group, groups, depth + 1))] : []
    })
    tests.push((...given) => members.some(fits => fits(...given)))
  }
  if (match.not) {
    const fits = also(compile(match.not, groups, depth + 1))
    tests.push((...given) => !fits(...given))
  }
  // An entry that names nothing is a mistake, and fits no mail.
  const fits: Fits =
    tests.length === 0 ? () => false : (...given) => tests.every(one => one(...given))
  return { fits, needs }
}

function confirmed(facts: readonly Fact[]): readonly string[] {
  return firstAnswer('reverse-name', facts)?.confirmed ?? []
}

function placeIn(facts: readonly Fact[]): { country?: string; asn?: number } {
  return firstAnswer('place', facts) ?? {}
}

const inOneOf = (prefixes: readonly Prefix[], ip: Ip | undefined) =>
  ip !== undefined && prefixes.some(prefix => contains(prefix, ip))

/** A name, or `.example.org` for everything below it. */
const named = (patterns: readonly string[], name: string) =>
  patterns.some(pattern => {
    const [wanted, given] = [pattern.toLowerCase(), name.toLowerCase()]
    return given === wanted || (wanted.startsWith('.') && given.endsWith(wanted))
  })

/** A whole address, `@example.org`, `.example.org` for every domain below it, or `<>` for the null sender. */
function addressed(patterns: readonly string[]): (address: string) => boolean {
  const tests = patterns.map((pattern): ((address: string) => boolean) => {
    if (pattern === '<>') return address => address === ''
    if (pattern.startsWith('@') || pattern.startsWith('.')) {
      const domain = foldDomain(pattern.slice(1))
      return pattern.startsWith('@')
        ? address => domainOf(address) === domain
        : address => domainOf(address).endsWith(`.${domain}`)
    }
    const wanted = foldAddress(pattern)
    // `anna@` also fits `anna+shop@`, as in the lookups of Postfix.
    return address => foldAddress(address) === wanted || personOf(address) === wanted
  })
  return address => tests.some(fits => fits(address))
}
