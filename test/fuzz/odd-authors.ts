// From fields as nobody should write them: pieces of addresses, quotes, comments, encoded words and brackets in any order, in front of,
// behind and in the middle of an address. Every one follows from the seed.

import type { Random } from '../../src/simulation/population/random.ts'

const ANNA = 'anna@isp.example'
const BANK = 'ceo@bank.example'

/** Seen to be read differently, or nearly. */
const SEEDS = [
  `${BANK}]`,
  `<${BANK}\\>`,
  `"Ceo" <${BANK}\\>`,
  `${BANK}\\`,
  `<${BANK}[`,
  '=?utf-8?q?ceo=40bank.example?=',
  'Ceo <ceo@[bank.example]>',
  `Ceo <"${BANK}">`,
  '<>',
  '',
  `${BANK} <${ANNA}>`,
  `${BANK} (x) <${ANNA}>`,
  `x <${ANNA}>, ${BANK} (c) <y@isp.example>`,
  `"${BANK}"] <${ANNA}>`,
  `"${BANK}"[ <${ANNA}>`,
  `"${BANK}" [External] <${ANNA}>`,
  `=?utf-8?q?ceo=40bank.example?=] <${ANNA}>`,
  `=?utf-8?q?=3cceo=40bank.example=3e?=, anna <${ANNA}>`,
  `=?utf-8?q?ceo=40bank.example?=,' <${ANNA}>`,
  `.. <${ANNA}>`,
  `"${BANK} via Shop" <${ANNA}>`,
  `Fred < ${ANNA} >`,
  `Fred <\r\n ${ANNA}\r\n >`,
  `ceo@ba nk.example <${ANNA}>`,
  `ceo@bank(x).example`,
  `ceo @ bank . example`,
  `<@isp.example:${BANK}>`,
  `Bank: ${BANK}, ${ANNA};`,
  `ceo@bank\r\n .example`,
  `"ceo"@bank.example`,
  `Ek, Anna <${ANNA}>`,
  `"Ek, Anna" <${ANNA}> (home)`,
  `(${BANK}) ${ANNA}`,
  `((a) ${BANK} <${ANNA}>`,
  `"a\\" <${BANK}>" <${ANNA}>`,
  `${ANNA};${BANK}`,
  `=?utf-8?q?ceo=40bank.example=2Cx?= <${ANNA}>`,
  `=?utf-8?q?M=C3=BCller=2C_Anna?= <${ANNA}>`,
  `"=?utf-8?q?ceo=40bank.example=2C?=" <${ANNA}>`,
  `"a" =?utf-8?q?=22?= "${BANK}," <${ANNA}>`,
  `"${BANK}" <${ANNA}.>`,
  `=?utf-8?q?ceo=40bank.example?= <${ANNA}.>`,
] as const

const PIECES = [
  ANNA,
  BANK,
  `<${ANNA}>`,
  `<${BANK}>`,
  ` <${ANNA}>`,
  ` <${ANNA}.>`,
  `"${BANK}"`,
  `"<${BANK}>"`,
  '"x"',
  '"',
  "'",
  '\\',
  '\\"',
  '(',
  ')',
  '(c)',
  ',',
  ';',
  ':',
  'g:',
  '<',
  '>',
  '<>',
  '[',
  ']',
  '[x]',
  '@',
  '@bank.example',
  'bank.example',
  'ceo',
  'ceo@',
  '.example',
  '.',
  '..',
  ' ',
  '  ',
  '\t',
  '\r\n ',
  '\r\n\t',
  'Name',
  'Bert B.',
  "O'Neil",
  'a',
  '!',
  '%',
  '_',
  '-',
  '=?utf-8?q?x?=',
  '=?utf-8?q?ceo=40bank.example?=',
  '=?utf-8?q?ceo=40bank?=',
  '=?utf-8?q?=40?=',
  '=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ==?=',
  '=?utf-8?q?=3Cceo=40bank.example=3E?=',
  '=?iso-8859-1?q?=3cceo=40bank.example=3e?=',
  '=?utf-8*en?q?ceo=40bank.example?=',
  '=?utf-8?q?<ceo@bank.example>?=',
  '=?utf-8?q?ceo@bank.example?=',
  '=?utf-7?q?ceo+AEA-bank.example?=',
  '=?utf-16be?b?AGMAZQBvAEAAYgBhAG4AawAuAGUAeABhAG0AcABsAGU=?=',
  '=?utf-8?q?=22?=',
  '=?utf-8?q?=2C?=',
  '=?utf-8?q?=28?=',
  '=?utf-8?q?=29?=',
  '=?utf-8?q?=3B?=',
  '=?utf-8?q?=3A?=',
  '=?utf-8?q?=0A?=',
  '=?utf-8?b?',
  '=?utf-8?q?',
  '?=',
  '=?x',
  '=40',
  '=3c',
  '\xc3\xa4',
  '\xe4',
  '\xc2\xa0',
  '\xa0',
  '\x85',
  '\xe2\x80\x8b',
  '\xe2\x80\xa8',
  '\xef\xbc\xa0',
  '\xef\xbd\x82',
] as const

/** The value of a From field; a line that goes on begins with a space. */
export function oddAuthor(luck: Random): string {
  const { below, chance, pick } = luck
  if (chance(0.4)) return mutated(pick(SEEDS), luck)
  const pieces: string[] = []
  for (let i = 1 + below(chance(0.5) ? 3 : 7); i > 0; i--) pieces.push(pick(PIECES))
  if (chance(0.3)) pieces.push(` <${ANNA}>`)
  else if (chance(0.5)) pieces.splice(below(pieces.length + 1), 0, pick([ANNA, `<${ANNA}>`]))
  return pieces.join(pick(['', '', ' ']))
}

function mutated(text: string, { below, chance, pick }: Random): string {
  let changed = text
  while (chance(0.6)) {
    const at = below(changed.length + 1)
    const gone = chance(0.4) ? 1 + below(3) : 0
    changed = changed.slice(0, at) + (chance(0.8) ? pick(PIECES) : '') + changed.slice(at + gone)
  }
  // A line end is one, or nothing.
  return changed.replaceAll(/\r(?!\n[ \t])|(?<!\r)\n/g, '').replaceAll(/\r\n(?![ \t])/g, '')
}
