// Local parts that must be quoted (RFC 5321 §4.1.2), for code that writes something in front of one: the quotes go round the whole.

import { canonicalAddress } from '../model/mail-address.ts'

/** What stands between its quotes, as it is escaped; one without quotes as it is. */
export const contentOf = (local: string): string =>
  local.length > 1 && local.startsWith('"') && local.endsWith('"') ? local.slice(1, -1) : local

/** In quotes only where it must be. `content`: as `contentOf` gives it. */
export const addressOf = (content: string, domain: string): string =>
  canonicalAddress(`"${content}"@${domain}`)
