// A calendar drawn at random: files and links in its lines, folded anywhere.

import type { Random } from '../../src/simulation/population/random.ts'

export type PlantedCalendar = {
  readonly text: string
  /** Names of programs in it, however deep. */
  readonly names: readonly string[]
  readonly archives: readonly Buffer[]
  readonly hosts: readonly string[]
}

export type Drawing = {
  readonly luck: Random
  readonly archives: Readonly<Record<string, Buffer>>
  count: number
}

type PlantedLine = Omit<PlantedCalendar, 'text'> & { readonly line: string }

const NOTHING = { names: [], archives: [], hosts: [] }
const HOSTS = ['1drv.ms', '163.com', '192.0.2.10', '2130706433', 'ev%69l.example', 'isp.example']

export function oddCalendar(drawing: Drawing, depth = 0): PlantedCalendar {
  const { luck } = drawing
  const lines = Array.from({ length: 1 + luck.below(4) }, () => oddLine(drawing, depth))
  const all = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', `UID:${drawing.count++}`]
  for (const { line } of lines) all.push(line)
  all.push('END:VEVENT', 'END:VCALENDAR')
  return {
    text: all.map(line => `${folded(line, luck)}\r\n`).join(''),
    names: lines.flatMap(one => one.names),
    archives: lines.flatMap(one => one.archives),
    hosts: lines.flatMap(one => one.hosts),
  }
}

function oddLine(drawing: Drawing, depth: number): PlantedLine {
  const { luck, archives } = drawing
  const stem = `file-${drawing.count++}`
  const kind = luck.below(depth < 3 ? 6 : 5)
  if (kind <= 1) return { ...NOTHING, ...oddLink(luck) }
  if (kind === 2) {
    const all = Object.entries(archives)
    const [extension, bytes] = all[luck.below(all.length)] as (typeof all)[number]
    return { ...NOTHING, line: fileLine(luck, `${stem}.${extension}`, bytes), archives: [bytes] }
  }
  if (kind === 3) {
    const name = `${stem}.exe`
    return { ...NOTHING, line: fileLine(luck, name, Buffer.from('MZ and more')), names: [name] }
  }
  if (kind === 4) {
    const inner = `${stem}-in.exe`
    const letter = `Content-Type: a/b; name=${inner}\r\n\r\nMZ`
    return {
      ...NOTHING,
      line: fileLine(luck, `${stem}.eml`, Buffer.from(letter)),
      names: [inner],
    }
  }
  const { text, ...inner } = oddCalendar(drawing, depth + 1)
  return { ...inner, line: fileLine(luck, `${stem}.ics`, Buffer.from(text)) }
}

function oddLink(luck: Random): Pick<PlantedLine, 'line' | 'hosts'> {
  const host = HOSTS[luck.below(HOSTS.length)] as string
  const before = 'x'.repeat(luck.below(70))
  const [end, name] = [
    ['/', 'DESCRIPTION'],
    ['\\nBye', 'COMMENT'],
    ['', 'URL'],
    ['/a\\, b', 'SUMMARY'],
  ][luck.below(4)] as [string, string]
  const text = name === 'URL' ? '' : `${before} `
  return { line: `${name}:${text}http://${host}${end}`, hosts: [host] }
}

function fileLine(luck: Random, name: string, bytes: Buffer): string {
  const called = ['X-FILENAME', 'FILENAME', 'X-APPLE-FILENAME', 'x-filename'][luck.below(4)]
  const parameters = [
    'VALUE=BINARY',
    luck.below(2) === 0 ? 'ENCODING=BASE64' : 'encoding=base64',
    `${called}=${luck.below(2) === 0 ? name : `"${name}"`}`,
    ...(luck.below(3) === 0 ? ['FMTTYPE=application/octet-stream'] : []),
    ...(luck.below(3) === 0 ? ['X-OTHER="a:b;c"'] : []),
  ]
  for (let i = parameters.length - 1; i > 0; i--) {
    const j = luck.below(i + 1)
    const [one, other] = [parameters[i] as string, parameters[j] as string]
    parameters[i] = other
    parameters[j] = one
  }
  return `ATTACH;${parameters.join(';')}:${bytes.toString('base64')}`
}

/** By the book, or in pieces of any length. */
function folded(line: string, luck: Random): string {
  const isOdd = luck.below(2) === 0
  const pieces: string[] = []
  for (let at = 0; at < line.length; ) {
    const length = isOdd ? 1 + luck.below(40) : 74
    pieces.push(line.slice(at, at + length))
    at += length
  }
  return pieces.reduce((all, piece) => `${all}\r\n${luck.below(4) === 0 ? '\t' : ' '}${piece}`)
}
