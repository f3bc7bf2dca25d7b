// The tags of a signature field (RFC 6376 §3.2), as they are written: nothing is decoded, folds and spaces are left in a value.

/** The value of the first tag of that name; empty when there is none. */
export function tagOf(field: string, name: string): string {
  const tags = field.slice(field.indexOf(':') + 1).split(';')
  const tag = tags.find(one => one.split('=', 1)[0]?.trim() === name) ?? ''
  return tag.slice(tag.indexOf('=') + 1)
}
