// Long lists of customers and leases in the plain form that `config example` shows, read line by line: the library for YAML takes a quarter of a
// millisecond and twenty kilobytes for each. What is taken here can be read by YAML 1.2 in one way only; at the first doubt nothing is, and
// the library reads all of it and says what is wrong. test: plain-lists.test.ts asks both.

import { flowOf, isText, KEY, Doubt } from './plain-values.ts'

/** Shorter lists are not worth a second reader. */
const MIN_LINES = 1000

export type PlainLists = {
  /** What the library is to read: each list is `[]` there. */
  readonly rest: string
  readonly lists: ReadonlyMap<string, readonly unknown[]>
}

type Line = { readonly indent: number; readonly text: string }

/** Undefined without such a list. */
export function plainLists(text: string, minLines = MIN_LINES): PlainLists | undefined {
  const lines = text.split('\n')
  if (lines.length < minLines || text.includes('\r')) return undefined
  const rest: string[] = []
  const lists = new Map<string, readonly unknown[]>()
  for (let at = 0; at < lines.length; ) {
    const line = lines[at++] ?? ''
    if (isOutside(line) && !/^[A-Za-z]\w*:(?: |$)/.test(line)) return undefined
    const [, name] = /^([A-Za-z]\w*):$/.exec(line) ?? []
    const begin = at
    if (name !== undefined) while (at < lines.length && !isOutside(lines[at] ?? '')) at++
    const body = lines.slice(begin, at)
    const items = name === undefined || body.length < minLines ? undefined : listOf(body)
    if (name === undefined || !items) {
      rest.push(line)
      at = begin
      continue
    }
    if (lists.has(name)) return undefined
    lists.set(name, items)
    rest.push(`${line} []`)
  }
  return lists.size === 0 ? undefined : { rest: rest.join('\n'), lists }
}

/** Not indented, and no note: it ends what stands before it. */
const isOutside = (line: string): boolean => line !== '' && line[0] !== ' ' && line[0] !== '#'

function listOf(body: readonly string[]): readonly unknown[] | undefined {
  const lines: Line[] = []
  for (const line of body) {
    const text = line.replace(/^ +/, '')
    if (text !== '' && !/^#[ -~]*$/.test(text))
      lines.push({ indent: line.length - text.length, text })
  }
  try {
    return new ListReader(lines).whole()
  } catch (error) {
    if (error instanceof Doubt) return undefined
    throw error
  }
}

class ListReader {
  readonly #lines: readonly Line[]
  #at = 0

  constructor(lines: readonly Line[]) {
    this.#lines = lines
  }

  whole(): readonly unknown[] {
    const items = this.#list(this.#lines[0]?.indent ?? 0)
    if (this.#at < this.#lines.length || items.length === 0) throw new Doubt()
    return items
  }

  /** All that begins with a dash at this indentation. */
  #list(indent: number): unknown[] {
    const items: unknown[] = []
    for (;;) {
      const line = this.#lines[this.#at]
      if (line?.indent !== indent || !line.text.startsWith('- ')) return items
      this.#at++
      const text = line.text.slice(2)
      items.push(KEY.test(text) ? this.#fields(indent + 2, text) : flowOf(text))
    }
  }

  /** `first`: a field that stands behind a dash. */
  #fields(indent: number, first?: string): Record<string, unknown> {
    const fields: Record<string, unknown> = {}
    for (let text = first; ; text = undefined) {
      const line = this.#lines[this.#at]
      if (text === undefined) {
        if (line?.indent !== indent || line.text.startsWith('-')) return fields
        this.#at++
      }
      const [, name = '', value] = KEY.exec(text ?? line?.text ?? '') ?? []
      if (!isText(name) || Object.hasOwn(fields, name)) throw new Doubt()
      fields[name] = value === undefined ? this.#below(indent) : flowOf(value)
    }
  }

  /** What a field without a value on its line has under it. */
  #below(indent: number): unknown {
    const next = this.#lines[this.#at]
    if (!next || next.indent <= indent) throw new Doubt()
    return next.text.startsWith('- ') ? this.#list(next.indent) : this.#fields(next.indent)
  }
}
