// A regular expression as an automaton (Glushkov): a position for each character it may read, and which may follow which, told once
// for each way of getting there. What a class of characters matches, the engine itself is asked.
//
// Counts over 64 are taken for "any number". What stands at a place without reading (^ $ \b, looking ahead and behind) is taken to
// hold, so that more ways are seen than there are, never fewer; who cannot be told like that throws (back references, loops in a look).

import { type AST, RegExpParser } from '@eslint-community/regexpp'

export type Positions = {
  /** Characters a position reads, as a set of bits over `alphabet`. */
  readonly reads: readonly bigint[]
  /** How many ways (1, or 2 for more) lead from a position to the next. */
  readonly follow: readonly ReadonlyMap<number, number>[]
  /** Having read this one, nothing more is asked: what comes is no way back. */
  readonly ends: ReadonlySet<number>
  readonly alphabet: readonly string[]
}

const MANY = 64
const MAX_POSITIONS = 4000
const OTHERS = '\u0085\u00a0äÄßſ\u212aжЖ\u2028\u2029\u200b\u202e\ufeff\ufffd\ud83d'

/** `empty`: it may read nothing; `over`: even without a condition. `ends`: of `last`, those behind which no condition stands. */
type Piece = {
  readonly empty: boolean
  readonly over: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly ends: readonly number[]
}
const NOTHING: Piece = { empty: true, over: true, first: [], last: [], ends: [] }
const CONDITION: Piece = { ...NOTHING, over: false }

/** Where it may begin anywhere, or at any line, the first position reads all that comes before. */
export function positionsOf({ source, flags }: RegExp): Positions {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  })
  const builder = new Builder(flags.replaceAll(/[gym]/g, ''), alphabetOf(source))
  const before = builder.position(() => true)
  const newline = builder.position(letter => /[\n\r\u2028\u2029]/.test(letter))
  const whole = builder.either(pattern.alternatives)
  const anchored = pattern.alternatives.every(isAnchored)
  if (!anchored || flags.includes('m')) {
    builder.link([before], [before])
    builder.link([before], anchored ? [newline] : whole.first)
    builder.link([newline], whole.first)
  }
  const { reads, follow, alphabet } = builder
  return { reads, follow, alphabet, ends: new Set(whole.ends) }
}

const alphabetOf = (source: string): readonly string[] => {
  const ascii = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i))
  return [...new Set([...ascii, ...Array.from(OTHERS + source), '\u{1f600}'])]
}

const isAnchored = ({ elements: [first] }: AST.Alternative): boolean => {
  if (first?.type === 'Assertion') return first.kind === 'start'
  return first?.type === 'CapturingGroup' || first?.type === 'Group'
    ? first.alternatives.every(isAnchored)
    : false
}

class Builder {
  readonly reads: bigint[] = []
  readonly follow: Map<number, number>[] = []
  readonly alphabet: readonly string[]
  readonly #flags: string
  readonly #known = new Map<string, bigint>()

  constructor(flags: string, alphabet: readonly string[]) {
    this.#flags = flags
    this.alphabet = alphabet
  }

  position(matches: (letter: string) => boolean, raw?: string): number {
    if (this.reads.length >= MAX_POSITIONS) throw new Error('it is too large')
    let set = raw === undefined ? undefined : this.#known.get(raw)
    if (set === undefined) {
      set = 0n
      for (const [i, letter] of this.alphabet.entries()) if (matches(letter)) set |= 1n << BigInt(i)
      if (raw !== undefined) this.#known.set(raw, set)
    }
    this.follow.push(new Map())
    return this.reads.push(set) - 1
  }

  link(from: readonly number[], to: readonly number[]): void {
    for (const one of from) {
      const next = this.follow[one] as Map<number, number>
      for (const other of to) next.set(other, Math.min(2, (next.get(other) ?? 0) + 1))
    }
  }

  either(alternatives: readonly AST.Alternative[]): Piece {
    const pieces = alternatives.map(({ elements }) => this.#inTurn(elements))
    return {
      empty: pieces.some(({ empty }) => empty),
      over: pieces.some(({ over }) => over),
      first: pieces.flatMap(({ first }) => first),
      last: pieces.flatMap(({ last }) => last),
      ends: pieces.flatMap(({ ends }) => ends),
    }
  }

  #inTurn(elements: readonly AST.Element[]): Piece {
    let piece = NOTHING
    for (const element of elements) piece = this.#then(piece, this.#element(element))
    return piece
  }

  #then(a: Piece, b: Piece): Piece {
    this.link(a.last, b.first)
    return {
      empty: a.empty && b.empty,
      over: a.over && b.over,
      first: a.empty ? [...a.first, ...b.first] : a.first,
      last: b.empty ? [...a.last, ...b.last] : b.last,
      ends: b.over ? [...a.ends, ...b.ends] : b.ends,
    }
  }

  #element(element: AST.Element): Piece {
    switch (element.type) {
      case 'Assertion':
        if (
          'alternatives' in element &&
          /[*+]|,\}/.test(element.raw.replaceAll(/\\.|\[(?:[^\]\\]|\\.)*\]/g, ''))
        )
          throw new Error('there is a loop in what it looks at before or behind')
        return CONDITION
      case 'Group':
      case 'CapturingGroup':
        return this.either(element.alternatives)
      case 'Quantifier':
        return this.#repeated(element)
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet': {
        const one = new RegExp(`^(?:${element.raw})$`, this.#flags)
        const at = [this.position(letter => one.test(letter), element.raw)]
        return { empty: false, over: false, first: at, last: at, ends: at }
      }
      default:
        throw new Error(`it has ${element.raw}`)
    }
  }

  #repeated({ min, max, element }: AST.Quantifier): Piece {
    const loops = max > MANY
    let piece = NOTHING
    for (let i = loops ? 1 : 0; i < Math.min(min, MANY); i++)
      piece = this.#then(piece, this.#element(element))
    if (loops) {
      const loop = this.#element(element)
      this.link(loop.last, loop.first)
      return this.#then(piece, min === 0 ? { ...loop, empty: true, over: true } : loop)
    }
    let rest = NOTHING
    for (let i = min; i < max; i++)
      rest = { ...this.#then(this.#element(element), rest), empty: true, over: true }
    return this.#then(piece, rest)
  }
}
