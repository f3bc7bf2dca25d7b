// What scanners say of a message, and what the signatures of strangers say: asked at once, when all of it is in.

import { isPublic } from '../core/policy/public-address.ts'
import type { Authentication } from '../model/authentication.ts'
import type { ScanResult } from '../model/message.ts'
import type { Transaction } from '../model/step.ts'
import type { Authenticator } from '../ports/authenticator.ts'
import type { Scanned, Scanner } from '../ports/scanner.ts'

export type InsideParts = {
  readonly scanner: Scanner
  readonly authenticator: Authenticator
}

export type Inside = {
  readonly scan: ScanResult
  readonly authentication: Authentication | undefined
}

const UNSEEN: ScanResult = Object.freeze({ content: 'unseen' })

/** DMARC passed for one author, and a reader may see another: it says nothing then (RFC 8601 §2.7.1: permerror). */
function withoutPass(found: Authentication): Authentication {
  if (found.dmarc.result !== 'pass') return found
  return {
    ...found,
    dmarc: { ...found.dmarc, result: 'permerror' },
    header: found.header.replaceAll(/(?<=^[ \t]*)dmarc=pass\b/gm, 'dmarc=permerror'),
  }
}

export async function lookInside(
  parts: InsideParts,
  tx: Transaction,
  message: Pick<Scanned, 'summary' | 'id' | 'read'>,
): Promise<Inside> {
  if (tx.listener === 'internal') return { scan: UNSEEN, authentication: undefined }
  const { address } = tx.client
  const inbound = tx.listener === 'inbound'
  const scanned = parts.scanner.sees === 'all' || !inbound
  const { helo, sender, recipients, login } = tx
  const [scan, checked] = await Promise.all([
    scanned
      ? parts.scanner.scan({
          ...message,
          ours: !inbound,
          address,
          helo,
          sender,
          recipients,
          ...(login === undefined ? {} : { login }),
        })
      : UNSEEN,
    // A machine of our own that hands mail on is not who sent it.
    inbound && isPublic(address)
      ? parts.authenticator.check({ address, helo, sender }, message.read())
      : undefined,
  ])
  const authentication = checked && 'failed' in checked ? undefined : checked
  return {
    scan,
    authentication:
      authentication && message.summary.unclearFrom ? withoutPass(authentication) : authentication,
  }
}
