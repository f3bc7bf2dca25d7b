// What a client is told can be done (RFC 2449): before its login by us, after it what the server behind can do, as far as a gateway follows it.
// Pure.

/** STLS and logging in are over, and a capability whose commands are not passed on is none. */
const KEPT =
  /^(?:TOP|UIDL|USER|RESP-CODES|AUTH-RESP-CODE|PIPELINING|EXPIRE(?: .*)?|LOGIN-DELAY(?: .*)?|IMPLEMENTATION(?: .*)?)$/i

/** Nothing of it is registered with IANA: qpopper has it, and Eudora, Blat and others use it. */
const SENDING = 'XTND XMIT'

/** Before the login nothing is asked of the server behind, so these are ours. */
export const beforeLogin = ({
  isSecure,
  sends,
  tokens,
}: {
  readonly isSecure: boolean
  readonly tokens: readonly string[]
  readonly sends: boolean
}): readonly string[] => [
  'TOP',
  'UIDL',
  'RESP-CODES',
  'AUTH-RESP-CODE',
  ...(isSecure ? ['USER', ['SASL', 'PLAIN', ...tokens].join(' ')] : ['STLS']),
  ...(sends ? [SENDING] : []),
]

export function offered(
  lines: readonly string[],
  { sends }: { readonly sends: boolean },
): string[] {
  const kept = lines.filter(line => KEPT.test(line))
  const own = sends ? ['RESP-CODES', SENDING] : []
  return [...kept, ...own.filter(one => !kept.includes(one))]
}
