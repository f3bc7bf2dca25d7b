// Lists of who may and who may not, in the operator's own words. The first entry that fits decides: refuse, put off, or let
// by; what is let by is not asked what strangers are asked. Nothing here opens a relay or stops a containment.

import { contains, type Ip, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Match } from '../../model/access-match.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

export type AccessEntry = {
  readonly match: Match
  readonly action: 'accept' | 'reject' | 'defer'
  /** With accept: the rules that are not asked; all that are asked of strangers when there are none. */
  readonly skip?: readonly string[] | undefined
}

export type AccessSettings = {
  readonly entries: readonly AccessEntry[]
  readonly groups: Readonly<Record<string, Match>>
}

/** Groups within groups within groups … */
const MAX_DEPTH = 5

export function access(mode: Mode, { entries, groups }: AccessSettings): Rule {
  const compiled = entries.map(({ match, ...rest }) => ({
    ...rest,
    fits: compile(match, groups, 0),
  }))
  return {
    name: 'access',
    about: 'Your own lists: the first entry that fits refuses, puts off or lets by.',
    reasons: ['not-welcome'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    decide: (step): Verdict | undefined => {
      const found = compiled.find(entry => entry.fits(step))
      if (!found) return undefined
      if (found.action === 'accept') return { kind: 'accept', skip: found.skip ?? 'strangers' }
      return { kind: found.action, reason: 'not-welcome' }
    },
  }
}

type Fits = (step: AttributedStep) => boolean

function compile(match: Match, groups: AccessSettings['groups'], depth: number): Fits {
  const tests: Fits[] = []
  if (match.address) {
    const prefixes = match.address.flatMap(text => parsePrefix(text) ?? [])
    tests.push(({ client }) => inOneOf(prefixes, parseIp(client.address)))
  }
  if (match.helo) tests.push(({ helo }) => helo !== undefined && named(match.helo, helo))
  if (match.sender)
    tests.push(({ sender }) => sender !== undefined && addressed(match.sender, sender))
  if (match.recipient)
    tests.push(({ recipient }) => recipient !== undefined && addressed(match.recipient, recipient))
  if (match.login) tests.push(({ login }) => login !== undefined && addressed(match.login, login))
  if (match.group) {
    const members = match.group.flatMap(name => {
      const group = groups[name]
      return group && depth < MAX_DEPTH ? [compile(group, groups, depth + 1)] : []
    })
    tests.push(step => members.some(fits => fits(step)))
  }
  if (match.not) {
    const fits = compile(match.not, groups, depth + 1)
    tests.push(step => !fits(step))
  }
  // An entry that names nothing is a mistake, not everybody.
  return tests.length === 0 ? () => false : step => tests.every(fits => fits(step))
}

const inOneOf = (prefixes: readonly Prefix[], ip: Ip | undefined) =>
  ip !== undefined && prefixes.some(prefix => contains(prefix, ip))

/** A name, or `.example.org` for everything below it. */
const named = (patterns: readonly string[] | undefined, name: string) =>
  (patterns ?? []).some(pattern => {
    const [wanted, given] = [pattern.toLowerCase(), name.toLowerCase()]
    return given === wanted || (wanted.startsWith('.') && given.endsWith(wanted))
  })

/** A whole address, `@example.org`, `.example.org` for every domain below it, or `<>` for the null sender. */
const addressed = (patterns: readonly string[] | undefined, address: string) =>
  (patterns ?? []).some(pattern => {
    const wanted = pattern.toLowerCase()
    if (wanted === '<>') return address === ''
    if (wanted.startsWith('@')) return domainOf(address) === wanted.slice(1)
    if (wanted.startsWith('.')) return `.${domainOf(address)}`.endsWith(wanted)
    return address.toLowerCase() === wanted
  })
