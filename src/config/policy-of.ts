// The settings of the rules, as the rules want them, from the configuration as people write it.

import { HOUR } from '../model/duration.ts'
import type { Config } from './schema.ts'

/** The keys that the rules read. */
export type PolicyConfig = Pick<
  Config,
  | 'rules'
  | 'limits'
  | 'access'
  | 'strangers'
  | 'attachments'
  | 'quotaStatus'
  | 'scanners'
  | 'quotas'
  | 'timeZone'
  | 'recipientDelimiter'
  | 'passwordsAt'
>

export function policyOf({ rules, limits, access, strangers, attachments, ...own }: PolicyConfig) {
  const { greylist } = strangers
  const delimiter = own.recipientDelimiter
  return {
    modes: rules,
    passwordsAt: own.passwordsAt,
    limits,
    access,
    attachments,
    knowsFullMailboxes: own.quotaStatus !== undefined,
    bounceRate: strangers.bounceRate,
    rogueDomain: strangers.rogueDomain,
    'protocol-violation': { refused: strangers.protocolViolations },
    bounceControl: { ...strangers.bounceControl, delimiter },
    hashcash: { minBits: strangers.stampBits },
    slowLane: strangers.slowLane,
    dmarc: { sealers: strangers.trustedSealers },
    scan: { onFailure: own.scanners.onFailure },
    quotas: { quotas: own.quotas, timeZone: own.timeZone, delimiter },
    reverseDns: { confirmed: strangers.confirmedName },
    dnsLists: strangers.lists,
    heloChanging: { names: strangers.heloNames, window: HOUR },
    greylist: {
      ...greylist,
      delimiter,
      trusted: { count: greylist.trustedCount, share: greylist.trustedShare },
      list: { recipients: greylist.listRecipients, delay: greylist.listDelay },
    },
  }
}
