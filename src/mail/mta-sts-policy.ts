// The policy of MTA-STS (RFC 8461 §3.2): how others are to hand over mail to a domain.

export type StsPolicy = {
  readonly mode: 'enforce' | 'testing' | 'none'
  /** Names of exchangers in lower case; `*.` in front stands for one label. */
  readonly mx: readonly string[]
  /** Seconds for which it is kept. */
  readonly maxAge: number
}

export const STS_PATH = '/.well-known/mta-sts.txt'

/** RFC 8461 §3.2: about a year. */
const LONGEST = 31_557_600
/** More exchangers than any domain has. */
const MAX_MX = 100
/** Characters of a name, a star and a dot in front. */
const MAX_NAME = 255
/** RFC 8461 §3.3: a limit such as this on what is fetched. Characters. */
const MAX_TEXT = 64 * 1024

/** A TXT record that is of MTA-STS (RFC 8461 §3.1); with two of them there is none. */
export const isStsRecord = (text: string): boolean => /^v=STSv1\s*(?:;|$)/i.test(text)

/** What changes with the policy; undefined where the record has none. */
export const stsIdOf = (record: string): string | undefined =>
  /;\s*id=([a-z0-9]{1,32})\s*(?:;|$)/i.exec(record)?.[1]

/** RFC 8461 §3.2: of no other type, so that it is no page that a user of the web server wrote. */
export const isStsType = (type: string): boolean => /^text\/plain\s*(?:;|$)/i.test(type)

/** `wrong`: why no server can follow it. Unknown keys are passed over, and of one that comes again the first is taken, but for `mx`. */
export function parseStsPolicy(
  text: string,
): { readonly policy: StsPolicy } | { readonly wrong: string } {
  if (text.length > MAX_TEXT) return { wrong: 'it is too long' }
  const fields = new Map<string, string>()
  const mx: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const [key, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    if (key === 'mx') mx.push(value.toLowerCase().slice(0, MAX_NAME))
    else if (!fields.has(key)) fields.set(key, value)
  }
  const [mode, age] = [fields.get('mode') ?? '', fields.get('max_age') ?? '']
  if (fields.get('version') !== 'STSv1') return { wrong: 'it has no version: STSv1' }
  if (!isMode(mode)) return { wrong: 'it has no mode' }
  if (!/^\d{1,10}$/.test(age) || Number(age) > LONGEST) return { wrong: 'it has no max_age' }
  if (mode !== 'none' && (mx.length === 0 || mx.length > MAX_MX))
    return { wrong: mx.length === 0 ? 'it names no mx' : 'it names too many mx' }
  return { policy: { mode, mx, maxAge: Number(age) } }
}

/** As it was served, what is of no meaning left out. */
export const stsLines = ({ mode, mx, maxAge }: StsPolicy): readonly string[] => [
  'version: STSv1',
  `mode: ${mode}`,
  ...mx.map(name => `mx: ${name}`),
  `max_age: ${maxAge}`,
]

const isMode = (word: string): word is StsPolicy['mode'] =>
  word === 'enforce' || word === 'testing' || word === 'none'

/** RFC 8461 §4.1: a star is one label, and only the first. */
export function matchesSts(mx: readonly string[], host: string): boolean {
  const name = host.toLowerCase()
  const above = name.slice(name.indexOf('.'))
  return mx.some(one => one === name || (one.startsWith('*.') && one.slice(1) === above))
}
