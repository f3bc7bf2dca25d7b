// A filter before the queue (smtpd_proxy_filter): smtpd hands the message on while it comes in, and has no queue file. A milter is shown no
// message there, a policy service no queue id, and nothing can be held. The smtpd behind the filter has a queue file; it sees the filter as
// its client, without a login, unless the filter says by XCLIENT who it was.

import type { Service } from './postfix-settings.ts'

const FILTER = 'smtpd_proxy_filter'
export const XCLIENT = 'smtpd_authorized_xclient_hosts'

type Proxied = {
  readonly service: Service
  /** Undefined: there is no such filter. */
  readonly filter: string | undefined
  readonly isAsked: boolean
  /** An smtpd of loopback that asks Cordon and takes XCLIENT. */
  readonly behind: Service | undefined
}

/** As of a `Way` (postfix-way.ts). */
type ProxiedWay = {
  readonly missing: readonly { readonly what: string; readonly write: string }[]
  readonly notes: readonly string[]
}

/** Undefined where mail goes into the queue at once. */
export function proxiedWay({
  service: { name, overrides },
  filter = '',
  isAsked,
  behind,
}: Proxied): ProxiedWay | undefined {
  if (filter === '') return undefined
  if (!isAsked && behind)
    return {
      missing: [],
      notes: [
        `${FILTER} is asked about behind the filter, by ${behind.name}: without XCLIENT (ADDR and LOGIN) from the filter every client is the filter, and no login is known`,
      ],
    }
  const what = isAsked
    ? `${FILTER} (${filter}) stands behind the check: there is no queue file, and nothing is held or, by the milter, counted`
    : `it is not asked about, and before ${FILTER} (${filter}) nothing could be held`
  const place = overrides.has(FILTER) ? `master.cf, ${name}` : 'main.cf'
  const write = `${place}: content_filter = … instead of ${FILTER} (docs/integrate-postfix.md); or ask Cordon from the smtpd behind the filter alone, if the filter says XCLIENT there (${XCLIENT})`
  return { missing: [{ what, write }], notes: [] }
}
