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
    find: '.find(({ host }) => isLoopback(host) && host !== HANDS_ON)',
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
  {
    row: 52,
    what: 'a server that refuses the sender of examples is called closed',
    file: RELAY,
    find: 'return isRefused && later === undefined',
    replace: 'return (isRefused || otherNo) && later === undefined',
    test: RELAYS,
    name: 'a no for another reason, later, and a server that breaks off, are not known',
  },
  {
    row: 52,
    what: 'an open relay behind the first address or exchanger is not seen',
    file: 'src/cli/audit/all-checks.ts',
    find: '...record.elsewhere.map(',
    replace: '...record.elsewhere.slice(9).map(',
    test: 'src/cli/audit/all-checks.test.ts',
    name: 'of an address and an exchanger beside the first what is wrong is said, and where',
  },
  {
    row: 52,
    what: 'a server is called closed whose port 25 was not seen',
    file: 'src/cli/audit/checks/relay.ts',
    find: 'if (!open) return unknownPort(seen, port)',
    replace: 'if (!open) return undefined',
    test: 'src/cli/audit/all-checks.test.ts',
    name: 'a server is closed for strangers where each of its ports and addresses was asked',
  },
  {
    row: 52,
    what: 'the greeting of a server commands the terminal that the audit fails on',
    file: 'src/cli/in-json.ts',
    find: ".map(harmless).join('\\n')",
    replace: ".map(String).join('\\n')",
    test: 'src/cli/in-json.test.ts',
  },
]
