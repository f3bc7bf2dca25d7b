// What a relay said of a line, as Kea keeps it beside a lease where `store-extended-info` is on: the remote id, then the circuit (for
// IPv6 the interface), in hexadecimal. Pure.

type Context = {
  readonly ISC?: {
    /** A string up to Kea 2.2, an object after that. */
    readonly 'relay-agent-info'?: string | { readonly 'sub-options'?: string }
    /** One for each relay on the way; the first is the nearest to the server, the last the nearest to the line. */
    readonly 'relay-info'?: readonly { readonly options?: string }[]
  }
}

/** Empty for what is no such text. */
export function relayIds(context: string): readonly string[] {
  if (context === '') return []
  try {
    const { ISC } = JSON.parse(context) as Context
    const four = ISC?.['relay-agent-info']
    const six = ISC?.['relay-info']?.at(-1)?.options
    // RFC 3046 §3: 1 is the circuit, 2 the remote end of it.
    if (four !== undefined) {
      const found = options(typeof four === 'string' ? four : four['sub-options'], 1)
      return [found.get(2) ?? '', found.get(1) ?? '']
    }
    // RFC 8415 §21.18: 18 is the interface; RFC 4649 §3: 37 is the remote id, after the enterprise number.
    const found = options(six, 2)
    return [found.get(37)?.slice(8) ?? '', found.get(18) ?? '']
  } catch {
    return []
  }
}

/** Code, length and value, one after the other; codes and lengths of `width` bytes. */
function options(hex: string | undefined, width: 1 | 2): ReadonlyMap<number, string> {
  const bytes = Buffer.from((hex ?? '').replace(/^0x/i, ''), 'hex')
  const found = new Map<number, string>()
  for (let at = 0; at + 2 * width <= bytes.length; ) {
    const from = at + 2 * width
    const end = from + bytes.readUIntBE(at + width, width)
    found.set(bytes.readUIntBE(at, width), bytes.subarray(from, end).toString('hex'))
    at = end
  }
  return found
}
