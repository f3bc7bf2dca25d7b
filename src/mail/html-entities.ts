// Characters that HTML writes by a number or a name (WHATWG HTML §13.5): all numbers, and all names of what changes a link where its host is
// (UTS 46 takes the letters of mathematics for letters). What stands in a value by number ends no value: it is told from the sign itself.

/** For a tab or the end of a line, which a browser takes out of a link. */
const TAKEN_OUT = '\0'
/** For a space: it does not end a value without quotes. */
const BLANK = '\u0001'
/** For a quote or a bracket: it ends the value for those alone who read that value as a text once more. */
export const SOFT_END = '\u0002'

const SIGNS: Readonly<Record<string, string>> = {
  Tab: TAKEN_OUT,
  NewLine: TAKEN_OUT,
  quot: SOFT_END,
  QUOT: SOFT_END,
  apos: SOFT_END,
  lt: SOFT_END,
  gt: SOFT_END,
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  commat: '@',
  percnt: '%',
  num: '#',
  quest: '?',
  hyphen: '\u2010',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  fjlig: 'fj',
}

/** By what they are in the name of a host. */
const LETTERS: Readonly<Record<string, string>> = {
  '\u00ad': 'shy',
  '\u200b':
    'ZeroWidthSpace NegativeVeryThinSpace NegativeThinSpace NegativeMediumSpace NegativeThickSpace',
  '\u200c': 'zwnj',
  '\u200d': 'zwj',
  '\u2060': 'NoBreak af ApplyFunction ic InvisibleComma it InvisibleTimes',
  _: 'lowbar UnderBar',
  '\u00b9': 'sup1',
  '\u00b2': 'sup2',
  '\u00b3': 'sup3',
  a: 'ordf',
  b: 'bernou Bernoullis',
  c: 'Cayleys complexes',
  d: 'dd DD CapitalDifferentialD DifferentialD',
  e: 'ee ExponentialE exponentiale expectation',
  f: 'Fouriertrf',
  h: 'hamilt HilbertSpace planckh Poincareplane quaternions',
  i: 'ii Im image ImaginaryI imagline imagpart',
  l: 'ell lagran Laplacetrf',
  m: 'Mellintrf phmmat',
  n: 'naturals',
  o: 'order orderof ordm oscr',
  p: 'primes',
  q: 'rationals',
  r: 'Re real realine realpart reals',
  s: 'circledS oS',
  z: 'integers zeetrf',
  ff: 'fflig',
  fi: 'filig',
  fl: 'fllig',
  ffi: 'ffilig',
  ffl: 'ffllig',
  ij: 'ijlig IJlig',
  no: 'numero',
  tm: 'trade TRADE',
}

/** Gothic, double-struck and script letters: `afr`, `Aopf`, `ascr`. */
const ALPHABETS = ['fr', 'opf', 'scr'].flatMap(kind =>
  Array.from('abcdefghijklmnopqrstuvwxyz', letter => [letter, `${letter}${kind}`] as const).flatMap(
    ([letter, name]) => [
      [name, letter] as const,
      [`${letter.toUpperCase()}${kind}`, letter] as const,
    ],
  ),
)

/** A map: what stands there is a stranger's, and may be `constructor`. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ...ALPHABETS,
  ...Object.entries(SIGNS),
  ...Object.entries(LETTERS).flatMap(([sign, names]) =>
    names.split(' ').map(name => [name, sign] as const),
  ),
])
/** The last are read without a semicolon, too. */
const ENTITY =
  /&(?:#(x[\da-f]+|\d+);?|([a-z][a-z\d]{1,23});|(shy|sup[123]|ord[fm]|quot)(?![a-z\d]))/gi

/** Most texts have none but `&nbsp;` and `&amp;`, and are not looked through. */
const BEGINNINGS = new Set([...NAMED.keys()].map(name => name.slice(0, 2)))
const FIRST = Uint8Array.from({ length: 128 }, (_, code) =>
  [...BEGINNINGS, '#'].some(one => one.charCodeAt(0) === code) ? 1 : 0,
)
const NUMBER = 0x23

/** The same text where it has none. */
export const withoutEntities = (text: string): string =>
  hasEntity(text) ? text.replace(ENTITY, character) : text

function hasEntity(text: string): boolean {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    const first = text.charCodeAt(at + 1)
    if (FIRST[first] !== 1) continue
    if (first === NUMBER || BEGINNINGS.has(text.slice(at + 1, at + 3))) return true
  }
  return false
}

function character(
  whole: string,
  number: string | undefined,
  name: string | undefined,
  open: string | undefined,
): string {
  const called = name ?? open
  if (called !== undefined) return NAMED.get(called) ?? whole
  if (number === undefined) return whole
  const code = Number(/^x/i.test(number) ? `0${number}` : number)
  if (code === 0 || !(code < 0x110000)) return whole
  if (code < 0x40) return BY_NUMBER.get(code) ?? String.fromCodePoint(code)
  // HTML has it that these are numbers of windows-1252.
  return code >= 0x80 && code < 0xa0
    ? WINDOWS.decode(Uint8Array.of(code))
    : String.fromCodePoint(code)
}

const WINDOWS = new TextDecoder('windows-1252')
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  ...[0x09, 0x0a, 0x0d].map(code => [code, TAKEN_OUT] as const),
  ...[0x0c, 0x20].map(code => [code, BLANK] as const),
  ...['"', "'", '<', '>'].map(sign => [sign.charCodeAt(0), SOFT_END] as const),
])
