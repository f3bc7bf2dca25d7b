// Look-ups where there is no DNS: our own recipients are known, and everything else is not.

import type { Lookups } from '../../ports/lookups.ts'
import type { Recipients } from '../../ports/recipients.ts'

export const onlyRecipients = (recipients: Pick<Recipients, 'find'>): Lookups => ({
  ask: async question =>
    question.about === 'recipient'
      ? { about: 'recipient', value: (await recipients.find(question.address)) !== undefined }
      : { about: question.about, failed: 'there is no DNS here' },
})
