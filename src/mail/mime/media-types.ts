// What a part is, by all its Content-Type fields (RFC 2045 §5): each may be read in more than one way.

import type { Field } from '../header.ts'
import { withoutComments } from './comments.ts'
import { decodeWords } from './encoded-words.ts'

/** A type is not that long. */
const MAX_LENGTH = 1000
const PLAIN = /^[\w.+-]+\/[\w.+-]+/

/** In lower case. `usual`: the type of a part that names none, or names one that no program understands. */
export function mediaTypes(
  fields: readonly Pick<Field, 'value'>[],
  usual: string,
): readonly string[] {
  const [first] = fields
  if (!first) return [usual]
  if (fields.length === 1) return readings(first.value, usual)
  return [...new Set(fields.flatMap(({ value }) => readings(value, usual)))]
}

function readings(value: string, usual: string): readonly string[] {
  const [plain = ''] = PLAIN.exec(value) ?? []
  if (plain !== '' && (plain.length === value.length || value[plain.length] === ';'))
    return [plain.toLowerCase()]
  const semicolon = value.indexOf(';')
  const first = (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase()
  // Some take it for a type all the same, others for none.
  const text = withoutComments(value.includes('=?') ? decodeWords(value) : value)
  const [before = '', behind = ''] = text
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .replaceAll('\\', '')
    .split('/')
  const [type] = words(before).slice(-1)
  const [subtype] = words(behind)
  const [alone = '', ...others] = words(before.split(';', 1).join())
  const whole = others.length === 0 ? WHOLE.get(alone) : undefined
  const read = type && subtype ? [`${type}/${subtype}`] : []
  return [...read, ...(whole === undefined ? [] : [whole]), first, usual, 'text/plain']
}

/** What some take a type without a subtype for. */
const WHOLE: ReadonlyMap<string, string> = new Map([
  ['multipart', 'multipart/mixed'],
  ['message', 'message/rfc822'],
])

const words = (text: string): readonly string[] => text.match(/[\w.+-]+/g) ?? []
