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
  return { scan, authentication: checked && 'failed' in checked ? undefined : checked }
}
