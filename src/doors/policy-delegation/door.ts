// Postfix's policy delegation, as an entry of the list of doors. Always in the engine's thread: an answer costs less than the way there.

import { heldOpen } from '../../wire/beside-listener.ts'
import type { Door } from '../../wire/door.ts'
import { openPolicyDoor, type PolicyListener } from './server.ts'

type PolicyServiceConfig = {
  readonly policyService?: Omit<PolicyListener, 'domain'> | undefined
  readonly domains: readonly string[]
  readonly hostname: string
}

export const policyDelegation: Door<PolicyServiceConfig, PolicyListener, undefined> = {
  name: 'policy-service',
  reads: { policyService: 'restart', domains: 'restart', hostname: 'restart' },
  inThreads: () => false,
  listeners: ({ policyService, domains, hostname }, where) =>
    policyService
      ? heldOpen({ ...policyService, domain: domains[0] ?? hostname }, 'policy-service', where)
      : [],
  settings: () => undefined,
  called: () => 'policy service',
  status: ({ socket }, port) => `policy service on ${socket ?? `port ${port}`}`,
  open: openPolicyDoor,
}
