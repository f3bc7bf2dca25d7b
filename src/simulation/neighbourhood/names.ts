// What the DNS of the neighbourhood would say: each server outside has a name that leads back to it. Nothing else is answered.

import type { DnsAnswer, Resolver } from '../../ports/resolver.ts'
import { OUTSIDE } from '../population/town.ts'

const unanswered = async (): Promise<DnsAnswer<never>> => ({ failed: 'timeout' })

const called = ({ domain }: { readonly domain: string }) => `mx.${domain}`

export const townNames: Resolver = {
  mx: unanswered,
  texts: unanswered,
  listed: unanswered,
  names: async address => {
    const server = OUTSIDE.find(one => one.address === address)
    return server ? { value: [called(server)] } : unanswered()
  },
  addresses: async name => {
    const server = OUTSIDE.find(one => called(one) === name)
    return server ? { value: [server.address] } : unanswered()
  },
}
