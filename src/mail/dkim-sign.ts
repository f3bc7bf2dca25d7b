// Signs a message of ours with DKIM (RFC 6376), relaxed canonicalisation, so that a notice can be told from a fake: once with each key that
// signs, because some receivers know Ed25519 (RFC 8463) and all know RSA.

export type DkimKey = {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
}

/** Those that sign now, RSA first; a rotation changes them. */
export type SigningKeys = () => readonly DkimKey[]

/** The message with its DKIM-Signature fields in front. Unsigned when there is no key. Mailauth is loaded when the first is signed. */
export async function dkimSign(message: Buffer, keys: SigningKeys | undefined): Promise<Buffer> {
  const all = (keys?.() ?? []).map(({ domain, selector, privateKey }) => ({
    signingDomain: domain,
    selector,
    privateKey,
  }))
  const [first] = all
  if (!first) return message
  const { dkimSign: sign } = await import('mailauth')
  const { signatures, errors } = await sign(message, {
    strict: true,
    // Its types ask for one key beside those that it signs with.
    ...first,
    signatureData: all,
  })
  const [wrong] = errors
  if (wrong) throw new Error(`DKIM with ${wrong.selector}: ${wrong.err.message}`)
  return Buffer.concat([Buffer.from(signatures), message])
}
