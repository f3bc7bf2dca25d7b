// What an outside server calls itself. Greeting with one of our own names is a lie that no server tells by accident.
// A greeting that is neither a host name nor an address literal is only observed: RFC 5321 §4.1.4 forbids
// refusing mail because the name does not check out, and old machines do greet badly.

import { answerTo } from '../../model/question.ts'
import { canonicalIp, isLoopback } from '../../model/ip.ts'
import { isDomain } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Mode, Rule } from './rule.ts'

export function heloOurs(mode: Mode, ourNames: readonly string[]): Rule {
  const ours = new Set(ourNames.map(name => name.toLowerCase()))
  return {
    name: 'helo-ours',
    about: 'The greeting is not one of our own names.',
    reasons: ['helo-ours'],
    listeners: ['inbound'],
    stages: ['helo'],
    mode,
    onFailure: 'accept',
    decide: step => {
      // A forwarding machine of our own may stand inside one of our lines' addresses; its greeting is refused all the same.
      // Loopback is exempt: Cordon hands its own letters to the mail server beside it with this name.
      return ours.has((step.helo ?? '').toLowerCase()) && !isLoopback(step.client.address)
        ? { kind: 'reject', reason: 'helo-ours' }
        : undefined
    },
  }
}

export function heloInvalid(mode: Mode): Rule {
  return {
    name: 'helo-invalid',
    about: 'The greeting is a host name or an address in brackets.',
    reasons: ['helo-invalid'],
    listeners: ['inbound'],
    stages: ['helo'],
    mode,
    onFailure: 'accept',
    decide: invalid,
  }
}

/** An address in brackets is the client's own. Refusing others deviates from RFC 5321 §4.1.4, so it ships in observe. */
export function heloForeign(mode: Mode): Rule {
  return {
    name: 'helo-foreign',
    about: 'An address in the greeting is the client’s own.',
    reasons: ['helo-foreign'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    decide: step =>
      foreignLiteral(step) === undefined ? undefined : { kind: 'reject', reason: 'helo-foreign' },
  }
}

const LITERAL = /^\[(?:IPv6:)?([0-9a-f.:]+)\]$/i

/** The address literal of a greeting, if it is not the client's address. */
export function foreignLiteral({ helo = '', client }: Pick<AttributedStep, 'helo' | 'client'>) {
  const literal = helo.startsWith('[') ? LITERAL.exec(helo)?.[1] : undefined
  const address = literal === undefined ? undefined : canonicalIp(literal)
  return address === client.address ? undefined : address
}

export function heloUnresolved(mode: Mode): Rule {
  return {
    name: 'helo-unresolved',
    about: 'The name in the greeting is in the DNS.',
    reasons: ['helo-unresolved'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    asks: ({ helo = '', client }) =>
      isPublic(client.address) && isDomain(helo)
        ? [{ about: 'host', name: helo.toLowerCase() }]
        : [],
    decide: (_step, { facts: [fact] }) =>
      answerTo('host', fact) === false ? { kind: 'reject', reason: 'helo-unresolved' } : undefined,
  }
}

/** Off with `rules.helo-changing: off`; observe by default. */
export type HeloChangingSettings = {
  /** Different greetings of one address within `window` that are still believed: `strangers.heloNames`, 10 by default, 1 to 1000. */
  readonly names: number
  /** ms in which they are counted: an hour, which no setting changes. */
  readonly window: number
}

/** A machine behind which many servers share one address greets with a few names; a bot, with a new one each time. */
export function heloChanging(mode: Mode, { names, window }: HeloChangingSettings): Rule {
  return {
    name: 'helo-changing',
    about: 'An address uses few HELO names.',
    reasons: ['helo-changing'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    countsAttempts: ['rcpt'],
    counts: ({ client, helo = '' }) =>
      isPublic(client.address)
        ? [{ op: 'distinct', key: `helo:${client.address}`, members: [helo.toLowerCase()], window }]
        : [],
    decide: (_step, known) =>
      (known.readings[0]?.value ?? 0) > names
        ? { kind: 'reject', reason: 'helo-changing' }
        : undefined,
  }
}

function invalid(step: AttributedStep): Verdict | undefined {
  const helo = step.helo ?? ''
  const qualified = helo.includes('.') && isDomain(helo) && !/^[0-9.]+$/.test(helo)
  const valid = qualified || /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-f:.]+)\]$/i.test(helo)
  return valid ? undefined : { kind: 'reject', reason: 'helo-invalid' }
}
