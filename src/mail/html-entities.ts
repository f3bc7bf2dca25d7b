// Characters that HTML writes by a number or a name (WHATWG HTML §13.5): all numbers, and the names of those that may stand in a link where its
// host is.

const NAMES: Readonly<Record<string, string>> = {
  Tab: '\t',
  NewLine: '\n',
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  commat: '@',
  percnt: '%',
  num: '#',
  quest: '?',
  hyphen: '\u2010',
  lowbar: '_',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  shy: '\u00ad',
  ZeroWidthSpace: '\u200b',
  zwnj: '\u200c',
  zwj: '\u200d',
  NoBreak: '\u2060',
  fflig: 'ff',
  filig: 'fi',
  fllig: 'fl',
  ffilig: 'ffi',
  ffllig: 'ffl',
  fjlig: 'fj',
  sup1: '1',
  sup2: '2',
  sup3: '3',
}
/** A map: what stands there is a stranger's, and may be `constructor`. */
const NAMED: ReadonlyMap<string, string> = new Map(Object.entries(NAMES))
const ENTITY = /&(?:#(x[\da-f]+|\d+);?|([a-z][a-z\d]{1,14});)/gi

/** Most texts have none but `&nbsp;` and `&amp;`, and are not looked through. */
const BEGINNINGS = new Set(Object.keys(NAMES).map(name => name.slice(0, 2)))
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

function character(whole: string, number: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED.get(name) ?? whole
  if (number === undefined) return whole
  const code = Number(/^x/i.test(number) ? `0${number}` : number)
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole
}
