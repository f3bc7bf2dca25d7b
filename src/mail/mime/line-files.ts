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
}

/** The value is base64: also as vCard 2.1 writes it, without `ENCODING=`. */
const ENCODED =
  /;\s{0,9}(?:encoding\s{0,9}=\s{0,9})?"?(?:base64|b)"?\s{0,9}(?:;|$)|;\s{0,9}value\s{0,9}=\s{0,9}"?binary/i
const ATTACH = /^(?:[\w-]{1,99}\.)?attach\s{0,9}(?:;|$)/i
/** RFC 2397. */
const DATA_URI = /\s{0,9}data\s{0,9}:/iy
const PARAMETER = /;\s{0,9}([\w-]{1,99})\s{0,9}=\s{0,9}(?:"([^"]*)"?|([^;"]*))/g
const NAME = /(?:name|label)$/i
const TYPE = /^(?:fmttype|mediatype)$/i
const BASE64 = /^[\w+/=\s-]*$/
/** A value without it is none of these. */
const MARK =
  /base64|binary|attach|;\s{0,9}(?:encoding\s{0,9}=\s{0,9})?"?b"?\s{0,9}[:;]|data\s{0,9}:/i

export function fileIn(line: string): InLine {
  // No base64 has a colon.
  if (!MARK.test(line.slice(0, line.lastIndexOf(':') + 1))) return { files: [], text: line }
  const first = valueBehind(line)
  if (first < 0) return { files: [], text: line }
  const uri = dataUri(line, first)
  if (uri) return uri
  // A colon is no sign of base64: for a program that steps over other signs the value begins at one, for another behind the last.
  const places = new Set([first, line.lastIndexOf(':')])
  const files = [...places].flatMap(at => {
    const one = fileAt(line, at)
    return one ? [one] : []
  })
  const isAlone = files.length > 0 && BASE64.test(line.slice(first + 1))
  return { files, text: isAlone ? line.slice(0, first + 1) : line }
}

/** The first colon that is not in quotes; the first of all where these do not end. Below zero: there is none. */
function valueBehind(line: string): number {
  const end = line.indexOf(':')
  const quote = line.indexOf('"')
  if (quote < 0 || quote > end) return end
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted
    else if (line[at] === ':' && !isQuoted) return at
  }
  return end
}

function fileAt(line: string, colon: number): Omit<LineFile, 'cut'> | undefined {
  const head = line.slice(0, colon)
  const value = line.slice(colon + 1)
  const isAttach = ATTACH.test(head)
  const { names, types } = parametersOf(head)
  const isEncoded = ENCODED.test(head)
  const isFile = isAttach ? isEncoded || (names.length > 0 && BASE64.test(value)) : isEncoded
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
  const said = line.slice(DATA_URI.lastIndex, comma)
  const head = line.slice(0, colon)
  const text = line.slice(0, comma + 1)
  const { names, types } = parametersOf(`${head};${said}`)
  if (!ATTACH.test(head) && names.length === 0) return { files: [], text }
  const plain = percentDecoded(line.slice(comma + 1))
  const isBase64 = /;\s{0,9}base64\s{0,9}$/i.test(said)
  const value = isBase64 ? plain : Buffer.from(plain, 'latin1').toString('base64')
  return {
    files: [{ names: names.length > 0 ? names : [''], types: [said, ...types], value }],
    text,
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

/** RFC 5545 §3.3.11, RFC 6350 §3.4. */
export const withoutEscapes = (text: string): string =>
  text.replace(/\\([\\,;:nN])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign))
