// What Postfix does with mail while a door of Cordon does not answer: the options in braces behind its place, a setting, or Postfix's default.

import type { Protocol } from './postfix-asks.ts'
import { entriesIn } from './postfix-restrictions.ts'

/** The setting, and its default. */
const AWAY: Readonly<Record<Protocol, readonly [setting: string, otherwise: string]>> = {
  milter: ['milter_default_action', 'tempfail'],
  'policy service': [
    'smtpd_policy_service_default_action',
    '451 4.3.5 Server configuration problem',
  ],
}

export type WhenAway = {
  /** `milter_default_action says (accept)`. */
  readonly said: string
  readonly isPassed: boolean
}

type Listed = {
  readonly protocol: Protocol
  /** The door as it is written in `list`. */
  readonly word: string
  readonly list: string
  readonly value: (name: string) => string
}

export function whenAway({ protocol, word, list, value }: Listed): WhenAway {
  const [setting, otherwise] = AWAY[protocol]
  const inBraces = optionOf(list, word)
  const action = inBraces ?? (value(setting) || otherwise)
  return {
    said: `${inBraces === undefined ? setting : 'default_action in braces'} says (${action})`,
    isPassed: /^(?:accept|dunno|ok|permit)\b/i.test(action),
  }
}

/** `{ inet:127.0.0.1:10032, default_action=accept }`; the value may stand in braces of its own. */
function optionOf(list: string, word: string): string | undefined {
  const groups = [...list.matchAll(/\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, inside = '']) => inside)
  const ours = groups.find(inside => entriesIn(inside)[0] === word) ?? ''
  const [, braced, plain] = /\bdefault_action\s*=\s*(?:\{([^{}]*)\}|([^,{}]*))/.exec(ours) ?? []
  return (braced ?? plain)?.trim()
}
