// Whether the DNS answers at all. Each name that was not answered is `unknown`; that there is no answer to any is the cause, and is said once.

import type { Config } from '../../../config/schema.ts'
import { type Dns, isSilence, systemServers } from '../../../drivers/lookups/node-resolver.ts'
import { wordsOf } from '../../../model/errors.ts'
import type { Check } from '../../check.ts'

type ResolverSettings = Pick<Config, 'hostname' | 'resolvers'>

/** That there is no such name is an answer, too. */
export async function resolverChecked(
  { hostname, resolvers }: ResolverSettings,
  dns: Dns,
): Promise<readonly Check[]> {
  const servers = (resolvers.length > 0 ? resolvers : systemServers()).join(', ') || 'none'
  const what = `DNS server ${servers}`
  try {
    await dns.resolve(hostname, 'A')
  } catch (error) {
    if (isSilence(error))
      return [
        {
          what,
          state: 'missing',
          said: `does not answer (${wordsOf(error)}): reverse DNS, SPF, DKIM and lists are unknown, and mail by MX waits`,
          write:
            resolvers.length > 0
              ? 'resolvers: with a server that answers'
              : '/etc/resolv.conf with a server that answers, or resolvers: in cordon.yaml',
        },
      ]
  }
  return [{ what, state: 'good', said: 'answers' }]
}
