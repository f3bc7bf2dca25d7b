// What is promised of `cordon audit`: no server is asked to relay that did not ask for it, and what is not known is not good.

import type { Mutation } from './mutation.ts'

const RELAY = 'src/cli/audit/probe/relay-test.ts'
const RELAYS = 'src/cli/audit/probe/relay-test.test.ts'
const FORBIDDEN =
  'a foreign server is asked to relay only with the token of the domain, and where its address is called by a name in it'

export const AUDIT: readonly Mutation[] = [
  {
    row: 52,
    what: 'a server is asked to relay without a token',
    file: RELAY,
    find: 'if (!texts.value.some(text => text.trim() === TOKEN))',
    replace: 'if (texts.value.length > 99)',
    test: RELAYS,
    name: FORBIDDEN,
  },
  {
    row: 52,
    what: 'the token of a domain opens servers whose address is not called by a name in it',
    file: RELAY,
    find: 'if (unnamed === undefined) return undefined',
    replace: "if (unnamed !== '') return undefined",
    test: RELAYS,
    name: FORBIDDEN,
  },
  {
    row: 52,
    what: 'a message follows a recipient that was taken',
    file: RELAY,
    find: "await talk('RSET')",
    replace: "await talk('DATA')",
    test: RELAYS,
    name: 'no message follows, and each transaction is reset',
  },
  {
    row: 52,
    what: 'a resolver elsewhere is believed to have checked signatures',
    file: 'src/drivers/lookups/validated-dns.ts',
    find: '.find(({ host }) => isLoopback(host))',
    replace: ".find(({ host }) => isLoopback(host) || host !== '')",
    test: 'src/drivers/lookups/validated-dns.test.ts',
    name: 'a resolver elsewhere is not believed: what is on the way could say that it is signed',
  },
  {
    row: 52,
    what: 'what had no answer is good',
    file: 'src/cli/audit/audit-check.ts',
    find: "({ state: 'unknown', said })",
    replace: "({ state: 'good', said })",
    test: 'src/cli/audit/all-checks.test.ts',
    name: 'what had no answer is not known in every column that leans on it, and never good',
  },
]
