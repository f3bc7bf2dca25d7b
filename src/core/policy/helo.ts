// What an outside server calls itself. Greeting with one of our own names is a lie nobody tells by accident.
// A greeting that is neither a host name nor an address literal is only observed: RFC 5321 §4.1.4 forbids
// refusing mail because the name does not check out, and old machines do greet badly.

import { isDomain } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

export function heloOurs(mode: Mode, ourNames: readonly string[]): Rule {
  const ours = new Set(ourNames.map(name => name.toLowerCase()))
  return {
    name: 'helo-ours',
    listeners: ['inbound'],
    stages: ['helo'],
    mode,
    onFailure: 'accept',
    decide: step => {
      // A forwarding machine of our own may stand inside one of our lines' addresses; it is still a lie there.
      return ours.has((step.helo ?? '').toLowerCase())
        ? { kind: 'reject', reason: 'helo-ours' }
        : undefined
    },
  }
}

export function heloInvalid(mode: Mode): Rule {
  return {
    name: 'helo-invalid',
    listeners: ['inbound'],
    stages: ['helo'],
    mode,
    onFailure: 'accept',
    decide: invalid,
  }
}

function invalid(step: AttributedStep): Verdict | undefined {
  const helo = step.helo ?? ''
  const literal = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-f:.]+)\]$/i.test(helo)
  const qualified = isDomain(helo) && helo.includes('.') && !/^[0-9.]+$/.test(helo)
  return literal || qualified ? undefined : { kind: 'reject', reason: 'helo-invalid' }
}
