// Signs a message of ours with DKIM (RFC 6376), relaxed canonicalisation, so that a notice can be told from a fake.

import DKIM from 'nodemailer/lib/dkim'

export type DkimKey = {
  readonly domain: string
  readonly selector: string
  readonly privateKey: string
}

/** The message with a DKIM-Signature in front. Unsigned when there is no key. */
export async function dkimSign(message: Buffer, key: DkimKey | undefined): Promise<Buffer> {
  if (!key) return message
  const signer = new DKIM({
    domainName: key.domain,
    keySelector: key.selector,
    privateKey: key.privateKey,
  })
  const chunks: Buffer[] = []
  for await (const chunk of signer.sign(message)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
