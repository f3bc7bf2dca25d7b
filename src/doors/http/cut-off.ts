// A request that its client cut off in the middle is no trouble of ours: there is nothing to say of it, and any stranger can do it.

import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'

export function isCutOff(context: Context): boolean {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: IncomingMessage }
  return incoming?.readableAborted === true
}
