// What is told of the access network and of the list that others ask; part of model/event.ts.

import type { SubscriberState } from './decision.ts'
import type { ListClass } from './list-code.ts'

export type NetworkEvent =
  | {
      readonly kind: 'action-done'
      readonly driver: string
      readonly subscriber: string
      readonly prefix: string
      readonly state: SubscriberState
      readonly failed?: string
    }
  | {
      /** An address came on the list, or left it. */
      readonly kind: 'list-changed'
      readonly prefix: string
      readonly subscriber: string
      readonly listed: boolean
      /** As what; of an entry that left as what it was. */
      readonly as: ListClass
      /** Its name at the end of the address of its page. */
      readonly entry: string
    }
