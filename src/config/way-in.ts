// A server that nothing can come into is a mistake: a file that was cut off, or is empty, is "valid" in every single value.

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

export function* wayIn(config: Config): Iterable<Complaint> {
  if (config.listeners.length > 0 || WAYS.some(key => config[key] !== undefined)) return
  yield {
    path: [],
    problem: 'nothing can come in: there is no listener, policyService, milter or sensor',
    advice: `Write at least one of listeners, ${WAYS.join(', ')}; is the file whole?`,
  }
}
