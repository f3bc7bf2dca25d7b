// Staff open the window of a line or login: for so many people, until a time, for a reason.

import { z } from 'zod'
import { contract } from './contract.ts'
import { hoursUpTo, line, mailSubject, peopleUpTo } from './fields.ts'

/** A week (`OPENED` in src/core/detection/episodes/words.ts). */
const LONGEST = 168
const MOST_OPENED = 20_000

export const openWindow = contract({
  kind: 'open-window',
  about: 'let mail of a line or login to so many people leave without waiting, until a time',
  ownerMay: false,
  fields: z.strictObject({
    subject: mailSubject,
    recipients: peopleUpTo(MOST_OPENED),
    hours: hoursUpTo(LONGEST),
    why: line('Write the reason, for the audit.', 500),
  }),
  target: ({ subject }) => subject,
})
