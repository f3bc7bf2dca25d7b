// Look-ups where there is no DNS: our own recipients are known, and everything else is not.

import type { Lookups } from '../../ports/lookups.ts'
import type { Recipients } from '../../ports/recipients.ts'

export const onlyRecipients = (recipients: Pick<Recipients, 'find'>): Lookups => ({
  ask: async question => {
    if (question.about !== 'recipient')
      return { about: question.about, failed: 'there is no DNS here' }
    try {
      const found = await recipients.find(question.address)
      return { about: 'recipient', value: found !== undefined }
    } catch (error) {
      return { about: 'recipient', failed: String(error) }
    }
  },
})
