// Tells the operator of mail that was taken for an address of ours which has no mailbox: a forward that leads nowhere, or a login that is
// gone since. Its sender hears of it only where the sender is authenticated. Once a day for each domain of ours, so that no outsider
// can have an alarm told for every made-up name; `delivery-failed` is there for each message.

import { DAY } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import { domainOf } from '../../model/mail-address.ts'
import { toldLately } from './told-lately.ts'

export type MailboxGoneAlarm = (address: string, at: number) => void

export function mailboxGoneAlarm(report: (event: NewEvent) => void): MailboxGoneAlarm {
  const isNews = toldLately(DAY)
  return (address, at) => {
    if (!isNews(domainOf(address), at)) return
    const words =
      'mail was taken for it, and there is no such mailbox: is it what a forward leads to?'
    report({ kind: 'alarm-raised', alarm: 'mailbox-gone', at, about: address, words })
  }
}
