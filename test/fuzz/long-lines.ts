// A message with a line that is folded when it is sent: one of its lines is made so long that the fold falls where the seed wants it.

import type { Random } from '../../src/simulation/population/random.ts'

const MAX_LINE = 998
/** What a line may be made longer with: `#` stands for as many octets as are needed. */
const FILLERS = [';x=#', '; x="#"', ' (#)', '(#)', '#', ' #', '# ', ';x=# ', ';\t#', ' #;'] as const
/** The octet that is put in so often. */
const OCTETS = ['a', ' ', 'aA ', '-', '.', ';', '\t', '"', '\xe4'] as const

/** One to three of its lines are lengthened. */
export function lengthened(message: Buffer, luck: Random): Buffer {
  const lines = message.toString('latin1').split('\r\n')
  for (let left = 1 + luck.below(3); left > 0; left--) {
    const at = chosen(lines, luck)
    const line = lines[at] ?? ''
    if (line.length < MAX_LINE) lines[at] = longer(line, luck)
  }
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

/** Most often one that says something of a part, or that bounds one. */
function chosen(lines: readonly string[], { below, chance, pick }: Random): number {
  const telling = [...lines.keys()].filter(at => TELLING.test(lines[at] ?? ''))
  return telling.length > 0 && chance(0.9) ? pick(telling) : below(lines.length)
}

const TELLING = /^--|name|boundary|charset|content-|begin|zq/i

/** It is cut behind `cut` octets of what it was, or some hundred octets behind that. */
function longer(line: string, { below, chance, pick }: Random): string {
  const cut = below(line.length + 1)
  const put = chance(0.7) ? placeOf(line, cut) : below(cut + 1)
  const filler = pick(FILLERS)
  const octets = chance(0.7) ? 'a' : pick(OCTETS)
  const room = MAX_LINE - cut - (filler.length - 1)
  const filled = filler.replace('#', () => octets.repeat(room).slice(0, room))
  // Where white space stands near, it is folded there.
  const behind = chance(0.7) ? 'i'.repeat(1 + below(60)) : ''
  const at = chance(0.5) ? line.length : cut
  return `${line.slice(0, put)}${filled}${line.slice(put, at)}${behind}${line.slice(at)}`
}

/** Between two parameters before `cut`, where there is such a place. */
function placeOf(line: string, cut: number): number {
  const semicolon = line.lastIndexOf(';', Math.max(0, cut - 1))
  return semicolon < 0 ? cut : Math.min(semicolon, cut)
}
