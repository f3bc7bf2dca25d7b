// A mailing begins soon: so many more people may get mail within the hours that are said.

import { z } from 'zod'
import { contract } from './contract.ts'
import { factor, hoursUpTo, mailSubject, peopleUpTo } from './fields.ts'

/** A day. A longer mailing is announced again. */
const LONGEST = 24
/** No more count on a day (`ANNOUNCED` in src/core/detection/episodes/words.ts). */
export const MOST_ANNOUNCED = 2000

export const announceMailing = contract({
  kind: 'announce-mailing',
  about: 'announce a mailing to so many people, so that it does not wait',
  ownerMay: true,
  fields: z.strictObject({
    subject: mailSubject,
    recipients: peopleUpTo(MOST_ANNOUNCED),
    /** A day without it. */
    hours: z.exactOptional(hoursUpTo(LONGEST)),
    /** Of an owner: without it nothing is announced. */
    factor: z.exactOptional(factor),
  }),
  target: ({ subject }) => subject,
  censor: ({ factor: code }) => (code === undefined ? {} : { factor: '' }),
  form: ({ recipients, hours, ...given }) => ({
    ...given,
    recipients: Number(recipients),
    ...(hours === undefined ? {} : { hours: Number(hours) }),
  }),
})
