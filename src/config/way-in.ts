// A server that has nothing to do is a mistake: a file that was cut off, or is empty, is "valid" in every single value. What goes on
// without a way for mail to come in, but had one before, is for src/config/brake.ts.

import type { Complaint } from './complaint.ts'
import type { Config } from './schema.ts'

/** Each of these is a way in: mail, questions of a mail server beside us, or what a network tells. The web pages are none. */
const WAYS = [
  'policyService',
  'milter',
  'firewallLog',
  'flows',
  'decoys',
  'radius',
  'kea',
  'natLog',
] as const satisfies readonly (keyof Config)[]

/** Routers that carry out what is ordered, and what customers ask for in the portal, are something to do without a way in. */
const ROUTERS = ['nftables', 'radiusCoa', 'webhooks', 'accessRouters'] as const

export function* wayIn(config: Config): Iterable<Complaint> {
  if (config.listeners.length > 0 || WAYS.some(key => config[key] !== undefined)) return
  if (ROUTERS.some(key => config[key].length > 0)) return
  yield {
    path: [],
    problem:
      'nothing can come in: there is no listener, policyService, milter or sensor, and no router',
    advice: `Write at least one of listeners, ${WAYS.join(', ')}; is the file whole?`,
  }
}
