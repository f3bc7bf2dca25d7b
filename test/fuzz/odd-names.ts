// Display names as people choose them and mail programs encode them, and such as would like to be an address: encoded words (RFC 2047) or
// unquoted, in front of an address. Every one follows from the seed.

import type { Random } from '../../src/simulation/population/random.ts'

const WORDS = [
  'Anna',
  'Müller',
  'Büro',
  'Firma',
  'GmbH',
  'e.V.',
  'Wien',
  'Анна',
  '会社',
  '😀',
  'Ges.m.b.H.',
  'u.',
  'Re',
  'Team',
  'boss',
  'bank.example',
  'boss@bank.example',
  'isp.example',
  'OWN',
  '<OWN>',
  '(OWN)',
  'boss.',
  '.',
  '。example',
  'x@bank。example',
  "'OWN'",
  '"OWN"',
  '[192.0.2.1]',
  '(c)',
  'x@y',
] as const
const SIGNS = [
  '@',
  '@',
  '@',
  ',',
  ';',
  ':',
  '<',
  '>',
  '(',
  ')',
  '"',
  '\\',
  '.',
  '[',
  ']',
  '|',
  '/',
  '–',
  '!',
  '%',
]

/** `own`: the address behind the name. */
export function oddName({ below, chance, pick }: Random, own: string): string {
  const pieces: string[] = []
  for (let i = 1 + below(6); i > 0; i--)
    pieces.push(chance(0.55) ? pick(WORDS) : pick(SIGNS), chance(0.6) ? ' ' : '')
  return pieces.join('').replaceAll('OWN', own).trim()
}

/** The value of a From field. */
export function named(luck: Random, own: string): string {
  const name = oddName(luck, own)
  if (luck.chance(0.15)) return `${Buffer.from(name).toString('latin1')} <${own}>`
  if (luck.chance(0.3)) {
    const at = luck.below(name.length + 1)
    const parts = [name.slice(0, at), name.slice(at)].filter(part => part !== '')
    return `${parts.map(part => encoded(part, luck)).join(luck.pick([' ', '\r\n ']))} <${own}>`
  }
  return `${encoded(name, luck)} <${own}>`
}

const encoded = (text: string, { chance }: Random): string =>
  chance(0.5)
    ? `=?utf-8?b?${Buffer.from(text.toWellFormed()).toString('base64')}?=`
    : `=?UTF-8?Q?${Buffer.from(text.toWellFormed())
        .toString('latin1')
        .replaceAll(/[^\w-]/g, inQ)}?=`

const inQ = (sign: string): string =>
  sign === ' ' ? '_' : `=${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
