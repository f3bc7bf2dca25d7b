// What parts of Cordon raise an alarm of as an event: `address-listed` and the others of docs/events.md. Some say so once an hour for as
// long as it is so.

import { HOUR } from '../../../../model/duration.ts'
import type { Condition, ConditionSources } from '../condition.ts'

export const raised: Condition<Pick<ConditionSources, 'raised'>> = {
  name: 'raised',
  quietFor: 6 * HOUR,
  look: async sources =>
    sources.raised().map(({ alarm, about, words }) => ({
      alarm,
      about,
      words: alarm === 'address-listed' ? `${about} refuses mail for our address: ${words}` : words,
      undo: alarm === 'address-listed' ? 'cordon queue' : 'journalctl -u cordon',
    })),
}
