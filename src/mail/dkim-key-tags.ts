// What the record of a DKIM key says (RFC 6376 §3.6.1), and why receivers do not use it.

type DkimTags = ReadonlyMap<string, string>

/** By name; of a name that stands twice the last. Spaces are taken out of the values. */
export const dkimTags = (record: string): DkimTags =>
  new Map(
    record
      .split(';')
      .filter(tag => tag.trim() !== '')
      .map(tag => {
        const at = tag.indexOf('=')
        return at < 0
          ? [tag.trim(), '']
          : [tag.slice(0, at).trim(), tag.slice(at + 1).replaceAll(/\s/g, '')]
      }),
  )

export const dkimKind = (tags: DkimTags): string => (tags.get('k') ?? 'rsa').toLowerCase()

/** Why the record is not to be used; undefined where it may be. */
export function dkimSlip(tags: DkimTags): string | undefined {
  const [first] = tags.keys()
  const version = tags.get('v')
  if (version !== undefined && (version !== 'DKIM1' || first !== 'v'))
    return 'it does not begin with v=DKIM1'
  // What a zone file needs around a record, and a form of a provider does not, stands in it: quotes, brackets, backslashes.
  const odd = [...tags.keys()].find(name => !/^[a-z]\w*$/i.test(name))
  if (odd !== undefined) return `"${odd}" is no tag`
  const kind = dkimKind(tags)
  if (kind !== 'rsa' && kind !== 'ed25519') return `k=${kind} is no kind of key`
  const hashes = tags.get('h')?.toLowerCase().split(':')
  if (hashes && !hashes.includes('sha256')) return 'h= does not have sha256'
  const services = tags.get('s')?.toLowerCase().split(':')
  if (services && !services.includes('*') && !services.includes('email'))
    return 's= is not for mail'
  return undefined
}
