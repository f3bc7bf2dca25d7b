// Anna's provider as scenarios begin: one customer at one address, the policy as shipped, and nobody who looks into mail.

import type { VirtualSettings } from '../../src/simulation/virtual/virtual-cordon.ts'
import { customer } from './small-cordon.ts'
import { shipped } from './shipped.ts'

export const annasHome: Omit<VirtualSettings, 'now'> = {
  subscribers: [customer('anna')],
  leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
  domains: ['isp.example'],
  forwards: {},
  scanner: { name: 'none', sees: 'ours', scan: async () => ({ content: 'clean' }) },
  ...shipped,
}
