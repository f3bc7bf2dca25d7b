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
  /** What it does to mail that could wait, in words; undefined where mail is deferred or goes. */
  readonly harm?: string
  /** What to write instead. */
  readonly write: string
  /** What lets mail go instead. */
  readonly pass: string
}

/** Actions of access(5) and milters that let mail go: some mark it. */
const PASSES = /^(?:accept|dunno|ok|permit|prepend|warn|info|bcc|filter)\b/i
const HARMS: readonly (readonly [RegExp, string])[] = [
  [/^(?:reject|5\d\d)\b/i, 'mail is refused for good'],
  [
    /^(?:quarantine|hold)\b/i,
    'mail is held by Postfix alone: Cordon does not know it, and it is not released but by hand (postsuper -H)',
  ],
  [/^discard\b/i, 'mail is deleted'],
  [/^redirect\b/i, 'mail is sent elsewhere'],
]
const WAITS: Readonly<Record<Protocol, string>> = {
  milter: 'tempfail',
  'policy service': '451 4.3.5 Please try again later',
}

const PASS: Readonly<Record<Protocol, string>> = { milter: 'accept', 'policy service': 'DUNNO' }

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
  const [, harm] = HARMS.find(([pattern]) => pattern.test(action)) ?? []
  const waits = WAITS[protocol]
  const option = protocol === 'milter' ? waits : `{ ${waits} }`
  return {
    said: `${inBraces === undefined ? setting : 'default_action in braces'} says (${action})`,
    isPassed: PASSES.test(action),
    ...(harm === undefined ? {} : { harm }),
    write:
      inBraces === undefined
        ? `${setting} = ${waits}`
        : `default_action=${option} in the braces behind ${word}`,
    pass:
      inBraces === undefined
        ? `main.cf: ${setting} = ${PASS[protocol]}`
        : `default_action=${PASS[protocol]} in the braces behind ${word}`,
  }
}

/** `{ inet:127.0.0.1:10032, default_action=accept }`; the value may stand in braces of its own. */
function optionOf(list: string, word: string): string | undefined {
  const groups = [...list.matchAll(/\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, inside = '']) => inside)
  const ours = groups.find(inside => entriesIn(inside)[0] === word) ?? ''
  const [, braced, plain] = /\bdefault_action\s*=\s*(?:\{([^{}]*)\}|([^,{}]*))/.exec(ours) ?? []
  return (braced ?? plain)?.trim()
}
