// Certificates of servers with these names, by an authority that only tests believe: good ones, and such as no program trusts.

import { generate } from 'selfsigned'
import { DAY } from '../../src/model/duration.ts'

export type Pem = { readonly key: string; readonly cert: string }

/** `own`: signed by itself. `below`: by an authority between. */
export async function auditCertificates(names: readonly string[]) {
  const of = async (subject: string, altNames: readonly string[], more: object): Promise<Pem> => {
    const extensions = [
      {
        name: 'subjectAltName' as const,
        altNames: altNames.map(value => ({ type: 2 as const, value })),
      },
    ]
    const made = await generate([{ name: 'commonName', value: subject }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() - 30 * DAY),
      notAfterDate: new Date(Date.now() + 30 * DAY),
      extensions,
      ...more,
    })
    return { key: made.private, cert: made.cert }
  }
  const authority = await of('Test authority', [], { extensions: AUTHORITY })
  const between = await of('Authority between', [], { extensions: AUTHORITY, ca: authority })
  const ca = { ca: authority }
  const expired = { ...ca, notAfterDate: new Date(Date.now() - DAY) }
  return {
    authority: authority.cert,
    trusted: await of('trusted', names, ca),
    expired: await of('expired', names, expired),
    other: await of('other', ['www.other.example'], ca),
    own: await of('own', names, {}),
    between: between.cert,
    below: await of('below', names, { ca: between }),
  }
}

const AUTHORITY = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true },
]
