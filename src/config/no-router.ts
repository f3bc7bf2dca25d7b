// A configuration without a router can be used: mail is weighed all the same. But what is decided about a line is then carried out by nothing
// in the network, and the operator is told.

import type { Config } from './schema.ts'
import { ROUTERS } from './way-in.ts'
import { saysSomething } from './written.ts'

/** One line; undefined where there is a router. */
export const noRouter = (config: Config): string | undefined =>
  ROUTERS.some(key => saysSomething(config[key]))
    ? undefined
    : `no router is configured (${ROUTERS.join(', ')}): an isolated customer is refused by this server only, and Cordon closes nothing on the line`
