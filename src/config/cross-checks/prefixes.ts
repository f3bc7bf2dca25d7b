// Whether prefixes overlap, or one contains the other.

import { contains, parsePrefix, type Prefix } from '../../model/ip.ts'

export const overlap = (a: Prefix, b: Prefix): boolean => holds(a, b) || holds(b, a)

/** All of `inner` is in `outer`. */
export const holds = (outer: Prefix, inner: Prefix): boolean =>
  outer.bits <= inner.bits && contains(outer, inner)

export const prefixesOf = (texts: readonly string[]): readonly Prefix[] =>
  texts.flatMap(text => parsePrefix(text) ?? [])
