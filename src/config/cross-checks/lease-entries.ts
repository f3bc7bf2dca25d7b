// Leases, one by one: each is of a customer there is, and its ports are in order.

import { crossCheck } from './cross-check.ts'

export const leaseEntries = crossCheck(
  ['leases', 'subscribers', 'subscriberFeed'],
  function* (config) {
    const ids = new Set(config.subscribers.map(one => one.id))
    for (const [i, { subscriber, ports }] of config.leases.entries()) {
      if (!ids.has(subscriber) && !config.subscriberFeed)
        yield {
          path: ['leases', i, 'subscriber'],
          problem: `there is no subscriber ${subscriber}`,
          advice: 'Write the id of one of the subscribers.',
        }
      if (ports && ports[0] > ports[1])
        yield {
          path: ['leases', i, 'ports'],
          problem: `the first port, ${ports[0]}, is behind the last, ${ports[1]}`,
          advice: 'Write the first port, then the last.',
        }
    }
  },
  { whole: ['subscribers', 'subscriberFeed'], names: true },
)
