// A field with parameters (RFC 2045 §5.1): read at once where there is one way to read it, and only once.

import type { Field } from '../header.ts'

/** Parameters of an honest field. */
const MAX_SIMPLE = 20
/** Escapes, comments, pieces, character sets, encoded words; control characters, which are space for some. */
// oxlint-disable-next-line no-control-regex
const DIFFICULT = /[\\()*'%\0-\x08\n-\x1f\x7f-\x9f]|=\?/
const PARAMETER = /^[ \t]*([\w-]+)=(?:"([^"]*)"|([^\s"=,<>@:/?[\]]*))[ \t]*$/

/** Keys in lower case, each once; values have one character a byte. */
type Simple = readonly (readonly [key: string, value: string])[]

export class StructuredField {
  readonly value: string
  readonly folds: readonly number[]
  #simple: Simple | 'difficult' | undefined

  constructor({ value, folds = [] }: Pick<Field, 'value' | 'folds'>) {
    this.value = value
    this.folds = folds
  }

  /** All parameters, where no mail program reads anything else. */
  get simple(): Simple | 'difficult' {
    this.#simple ??= this.isFoldedOddly ? 'difficult' : readSimple(this.value)
    return this.#simple
  }

  /** A line ends elsewhere than between two parameters. */
  get isFoldedOddly(): boolean {
    for (const at of this.folds) if (this.value[at - 1] !== ';') return true
    return false
  }
}

function readSimple(value: string): Simple | 'difficult' {
  if (DIFFICULT.test(value)) return 'difficult'
  const found: (readonly [string, string])[] = []
  const [type = '', ...pieces] = value.split(';')
  if (/["=]/.test(type)) return 'difficult'
  for (const piece of pieces) {
    const match = PARAMETER.exec(piece)
    if (!match) {
      if (/^[ \t]*$/.test(piece)) continue
      return 'difficult'
    }
    const [, key = '', quoted, plain = ''] = match
    const name = key.toLowerCase()
    // A boundary may have `=` in it, but what stands before it is no letter.
    if (quoted !== undefined && /[a-z]\s*=/i.test(quoted)) return 'difficult'
    if (found.length === MAX_SIMPLE || found.some(([other]) => other === name)) return 'difficult'
    found.push([name, quoted ?? plain])
  }
  return found
}
