// Which messages one answers (RFC 5322 §3.6.4), by their ids. Only to look them up among those that came in: others may write
// anything there.

import { type Field, fieldValue } from './header.ts'

/** A parent has one id; programs that write more put it first. */
const MAX_PARENTS = 2
/** An id longer than a line may be (RFC 5322 §2.1.1) is none. */
const MAX_ID = 998
/** References of a long talk; what is asked for stands at its end. */
const MAX_LENGTH = 10_000

/** In-Reply-To first, then the last of References: at most three, without brackets. */
export function answeredIds(fields: readonly Field[]): readonly string[] {
  const parents = messageIds(fieldValue(fields, 'in-reply-to') ?? '').slice(0, MAX_PARENTS)
  const thread = messageIds(fieldValue(fields, 'references') ?? '').slice(-1)
  return [...new Set([...parents, ...thread])]
}

/** Ids in a field, without brackets; of one that has no brackets at all its only word. */
export function messageIds(value: string): readonly string[] {
  const text = value.slice(-MAX_LENGTH)
  const [first = '', ...others] = text.split('<')
  if (others.length === 0) return /\s/.test(first.trim()) ? [] : kept(first)
  return others.flatMap(piece => {
    const end = piece.indexOf('>')
    return end < 0 ? [] : kept(piece.slice(0, end))
  })
}

function kept(id: string): readonly string[] {
  const plain = id.replaceAll(/\s/g, '')
  return plain === '' || plain.length > MAX_ID ? [] : [plain]
}
