// What a content filter gives back comes from loopback without its login: it was asked about before, as its sender's.

import { XCLIENT } from './postfix-proxied.ts'
import { hasFilter, isForLogins, isOfLoopback } from './postfix-services.ts'
import type { WayCheck } from './postfix-way.ts'

export const givenBack: WayCheck = ({ postfix, service, value, asked }) => {
  const isBack =
    asked.length > 0 &&
    isOfLoopback(service) &&
    !isForLogins(service) &&
    value('content_filter') === '' &&
    value(XCLIENT) === '' &&
    hasFilter(postfix)
  if (!isBack) return {}
  const notes = [
    `what a content filter gives back is asked about again here, without its login: -o smtpd_milters= and empty restrictions in ${service.name} spare that`,
  ]
  return { notes }
}
