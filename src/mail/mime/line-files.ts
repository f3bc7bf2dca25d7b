// A file in one line of a calendar or an address card (RFC 5545 §3.8.1.1, [MS-OXCICAL] §2.1.3.1.1.20.1), unfolded. A name may stand in any
// parameter called like one; what is in quotes, and where the value begins, programs tell in different ways: all count.

import { percentDecoded } from './pieces.ts'

export type LineFile = {
  readonly names: readonly string[]
  readonly types: readonly string[]
  /** Base64. */
  readonly value: string
  readonly cut: boolean
}

export type InLine = {
  readonly files: readonly Omit<LineFile, 'cut'>[]
  /** The line, without the bytes of the file. */
  readonly text: string
  /** Some of its parameters were not read. */
  readonly tooLong?: true
}

/** Parameters that are read; no honest ones are that long. */
const MAX_HEAD = 8192
/** Work of a character of them, and of a file. */
const HEAD_STEPS = 16
const FILE_STEPS = 500

const ATTACH = /^(?:[\w-]{1,99}\.)?attach\s{0,9}[;:]/i
/** The value is base64: also as vCard 2.1 writes it, without `ENCODING=`. */
const ENCODED =
  /;\s{0,9}(?:encoding\s{0,9}=\s{0,9})?"?(?:base64|b)"?\s{0,9}[;:]|;\s{0,9}value\s{0,9}=\s{0,9}"?binary/i
/** RFC 2397. */
const HAS_DATA = /:\s{0,9}data\s{0,9}:/i
const DATA_URI = /\s{0,9}data\s{0,9}:/iy
const PARAMETER = /;\s{0,9}([\w-]{1,99})\s{0,9}=\s{0,9}(?:"([^"]*)"?|([^;"]*))/g
const NAME = /(?:name|label)$/i
const TYPE = /^(?:fmttype|mediatype)$/i
const BASE64 = /^[\w+/=\s-]*$/

/** `take`: false when there is no work left. */
export function fileIn(line: string, take: (steps: number) => boolean): InLine {
  const head = line.slice(0, MAX_HEAD)
  const isAttach = ATTACH.test(head)
  const isEncoded = ENCODED.test(head)
  if (!isAttach && !isEncoded && !HAS_DATA.test(head)) return { files: [], text: line }
  const first = valueBehind(head, line)
  const last = line.lastIndexOf(':')
  if (first < 0 || !take(FILE_STEPS + Math.min(last, MAX_HEAD) * HEAD_STEPS))
    return { files: [], text: line }
  const uri = dataUri(line, first)
  if (uri) return uri
  if (!isAttach && !isEncoded) return { files: [], text: line }
  // A colon is no sign of base64: for a program that steps over other signs the value begins at one, for another behind the last.
  const places = [...new Set([first, last])]
  const files = places.flatMap(at => fileAt(line, at, isAttach) ?? [])
  const isAlone = files.length > 0 && BASE64.test(line.slice(first + 1))
  const text = isAlone ? line.slice(0, first + 1) : line
  return last > MAX_HEAD ? { files, text, tooLong: true } : { files, text }
}

/** The first colon that is not in quotes; the first of all where these do not end. Below zero: there is none. */
function valueBehind(head: string, line: string): number {
  const end = line.indexOf(':')
  const quote = head.indexOf('"')
  if (quote < 0 || quote > end) return end
  let isQuoted = false
  for (let at = 0; at < head.length; at++) {
    if (head[at] === '"') isQuoted = !isQuoted
    else if (head[at] === ':' && !isQuoted) return at
  }
  return end
}

function fileAt(
  line: string,
  colon: number,
  isAttach: boolean,
): InLine['files'][number] | undefined {
  const head = line.slice(0, Math.min(colon, MAX_HEAD))
  const value = line.slice(colon + 1)
  const { names, types } = parametersOf(head)
  const isEncoded = ENCODED.test(`${head}:`)
  const isFile = isEncoded || (isAttach && names.length > 0 && BASE64.test(value))
  // What else is in base64 is a picture, a sound or a key, unless it has the name of a file.
  if (!isFile || (!isAttach && names.length === 0)) return undefined
  return { names: names.length > 0 ? names : [''], types, value }
}

/** A file, or a picture that is none. */
function dataUri(line: string, colon: number): InLine | undefined {
  DATA_URI.lastIndex = colon + 1
  if (!DATA_URI.test(line)) return undefined
  const comma = line.indexOf(',', DATA_URI.lastIndex)
  if (comma < 0) return undefined
  const said = line.slice(DATA_URI.lastIndex, Math.min(comma, MAX_HEAD))
  const head = line.slice(0, Math.min(colon, MAX_HEAD))
  const text = line.slice(0, comma + 1)
  const { names, types } = parametersOf(`${head};${said}`)
  if (!ATTACH.test(line) && names.length === 0) return { files: [], text }
  const plain = percentDecoded(line.slice(comma + 1))
  const isBase64 = /;\s{0,9}base64\s{0,9}$/i.test(said)
  const value = isBase64 ? plain : Buffer.from(plain, 'latin1').toString('base64')
  return {
    files: [{ names: names.length > 0 ? names : [''], types: [said, ...types], value }],
    text,
    ...(comma > MAX_HEAD ? { tooLong: true } : {}),
  }
}

function parametersOf(head: string): Pick<LineFile, 'names' | 'types'> {
  const names = new Set<string>()
  const types: string[] = []
  const all = [...head.matchAll(PARAMETER)]
  // For some a quote is a sign like others.
  if (head.includes('"')) all.push(...head.replaceAll('"', '').matchAll(PARAMETER))
  for (const [, name = '', quoted, plain = ''] of all) {
    const value = quoted ?? plain
    if (TYPE.test(name)) types.push(value)
    if (!NAME.test(name)) continue
    const text = Buffer.from(value, 'latin1').toString('utf8')
    names.add(text).add(withoutCarets(text)).add(percentDecoded(text))
  }
  names.delete('')
  return { names: [...names], types }
}

/** RFC 6868. */
const withoutCarets = (text: string): string =>
  text.replace(/\^(['n^])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign === "'" ? '"' : '^'))

/** RFC 5545 §3.3.11, RFC 6350 §3.4. What is left of an escaped backslash before an `n` is an end of line here: no host goes on behind either. */
export const withoutEscapes = (text: string): string =>
  text.includes('\\') ? text.replaceAll(/\\([\\,;:])/g, '$1').replaceAll(/\\n/gi, '\n') : text
