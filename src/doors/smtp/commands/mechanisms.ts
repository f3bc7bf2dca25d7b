// Which ways to log in are offered, and when.

import type { Setup, State } from '../state.ts'

/** A password never travels in clear, and an inbound server takes none at all. */
export function offersAuth(state: State, setup: Setup): boolean {
  const takes = setup.listener === 'submission' || setup.listener === 'redirected'
  return takes && state.tls && state.login === undefined
}

/** In the order of preference. */
export const mechanisms = (setup: Setup): readonly string[] => [
  ...(setup.scram ? ['SCRAM-SHA-256'] : []),
  'PLAIN',
  'LOGIN',
]
