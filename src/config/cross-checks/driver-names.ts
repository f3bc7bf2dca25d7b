// Network drivers are called by their names, in orders, on screens and in the files that say what they hold: one name for each.

import { crossCheck } from './cross-check.ts'

export const driverNames = crossCheck(
  ['accessRouters', 'radiusCoa', 'webhooks', 'nftables'],
  function* ({ accessRouters, radiusCoa, webhooks, nftables }) {
    // Access routers all have the one name that the driver gives them.
    const seen = new Map<string, string>(
      accessRouters.length > 0 ? [['access-router', 'accessRouters']] : [],
    )
    for (const [key, drivers] of Object.entries({ radiusCoa, webhooks, nftables }))
      for (const [i, { name }] of drivers.entries()) {
        const before = seen.get(name)
        if (before !== undefined)
          yield {
            path: [key, i, 'name'],
            problem: `${name} is the name of ${before} already`,
            advice: 'Give every network driver a name of its own.',
          }
        else seen.set(name, `${key} #${i + 1}`)
      }
  },
  { whole: [] },
)
