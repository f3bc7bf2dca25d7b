// A structured field without its comments (RFC 5322 §3.2.2).

/** Comments nest; in quotes there are none. One that is never closed is none. One pass. */
export function withoutComments(value: string): string {
  if (!value.includes('(')) return value
  const kept: string[] = []
  let depth = 0
  let isQuoted = false
  let from = 0
  for (let at = 0; at < value.length; at++) {
    const sign = value[at]
    if (sign === '\\') at++
    else if (sign === '"' && depth === 0) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (sign === '(' && depth++ === 0) kept.push(value.slice(from, at))
    else if (sign === ')' && depth > 0 && --depth === 0) from = at + 1
  }
  return depth > 0 ? value : kept.join('') + value.slice(from)
}
