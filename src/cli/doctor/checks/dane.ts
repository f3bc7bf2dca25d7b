// Whether mail to domains with DANE can be kept from forgers: only with a resolver on this machine that validates (DNSSEC).

import { systemServers } from '../../../drivers/lookups/node-resolver.ts'
import { signedMailDns } from '../../../drivers/lookups/signed-mail-dns.ts'
import { validatedDns } from '../../../drivers/lookups/validated-dns.ts'
import type { Check } from '../../check.ts'
import type { DoctorCheck } from '../doctor-check.ts'

const WHAT = 'DANE'
const WRITE = 'apt install unbound, and resolvers: [127.0.0.1] in cordon.yaml'

export const dane: DoctorCheck = {
  what: WHAT,
  look: async ({ config }) => [{ what: WHAT, ...(await validation(config)) }],
}

/** What is to be said of the resolver that the server would ask. */
export async function validation({
  delivery,
  resolvers,
}: {
  readonly delivery: { readonly dane: boolean }
  readonly resolvers: readonly string[]
}): Promise<Omit<Check, 'what'>> {
  if (!delivery.dane) return { state: 'note', said: 'it is turned off (delivery.dane)' }
  const servers = resolvers.length > 0 ? resolvers : systemServers()
  const validated = validatedDns(servers)
  if (!validated)
    return {
      state: 'note',
      said: `no resolver on this machine is asked (${servers.join(', ') || 'none'}), so TLSA records are not`,
      write: WRITE,
    }
  const validates = await signedMailDns(validated, Date.now).validates()
  if ('failed' in validates)
    return {
      state: 'unknown',
      said: 'the resolver on this machine does not answer for the root: if it validated before, all mail by MX waits now',
      write: 'mend it: `dig +dnssec . NS @127.0.0.1` should say ad; or delivery: { dane: false }',
    }
  return validates.value
    ? { state: 'good', said: 'the resolver on this machine validates' }
    : {
        state: 'note',
        said: 'the resolver on this machine does not validate, so TLSA records are not asked for',
        write: WRITE,
      }
}
