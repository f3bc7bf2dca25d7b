// What is promised of the list that others ask over the DNS.

import type { Mutation } from './mutation.ts'

const ZONE = 'src/wire/dns/list-zone.ts'
const ZONE_TEST = 'src/wire/dns/list-zone.test.ts'
const ENTRIES = 'src/core/list/entries.ts'
const ENTRIES_TEST = 'src/core/list/entries.test.ts'
const NEVER =
  'an address that is shared, in doubt, over, of another realm or not certain is never listed'

export const LIST: readonly Mutation[] = [
  {
    row: 49,
    what: 'an address that several share is listed',
    file: ENTRIES,
    find: '    lease.ports === undefined &&\n',
    replace: '',
    test: ENTRIES_TEST,
    name: NEVER,
  },
  {
    row: 49,
    what: 'an address in doubt is listed',
    file: ENTRIES,
    find: '    lease.doubtFrom === undefined &&\n',
    replace: '',
    test: ENTRIES_TEST,
    name: NEVER,
  },
  {
    row: 49,
    what: 'an address is listed although another customer may have it',
    file: ENTRIES,
    find: "  return sure === 'certain' && held === subscriber\n",
    replace: "  return sure !== 'unknown' || held === subscriber\n",
    test: ENTRIES_TEST,
    name: NEVER,
  },
  {
    row: 49,
    what: 'an entry outlives its decision',
    file: ENTRIES,
    find: ' && until > at',
    replace: ' && until > 0',
    test: ENTRIES_TEST,
    name: 'an entry ends with its decision, to the moment',
  },
  {
    row: 49,
    what: 'whom staff suspend is listed without evidence',
    file: ENTRIES,
    find: "(one.kind === 'suspend' && seen(one))",
    replace: "one.kind === 'suspend'",
    test: ENTRIES_TEST,
    name: 'a line that staff suspended is listed only where there was evidence',
  },
  {
    row: 49,
    what: 'names above an entry do not exist',
    file: ZONE,
    find: '    if (kind !== IPV4 && kind !== IPV6) return NO_DATA\n',
    replace: '    if (kind !== IPV4 && kind !== IPV6) return NO_SUCH\n',
    test: ZONE_TEST,
    name: 'what has something below it exists: a resolver that asks label by label finds the entry',
  },
  {
    row: 49,
    what: '"not listed" comes without the SOA, and is kept for hours',
    file: ZONE,
    find: '      this.#withSoa(query, apex, reply)\n      return',
    replace: '      return',
    test: ZONE_TEST,
    name: 'an address that is not listed does not exist, with the SOA that says for how long',
  },
  {
    row: 49,
    what: '127.0.0.1 is listed',
    file: ZONE,
    find: "    return (d & 0xff00_0000) === LOOPBACK ? 'never' : undefined\n",
    replace: '    return undefined\n',
    test: ZONE_TEST,
    name: 'the test entries of RFC 5782 are there, and those that must not be are not',
  },
  {
    row: 49,
    what: 'the buffer of an answer is written over before it is sent',
    file: 'src/doors/dns/answering.ts',
    find: '  Buffer.from(bytes.subarray(0, length))\n',
    replace: '  bytes.subarray(0, length)\n',
    test: 'test/fuzz/dns-list.test.ts',
  },
  {
    row: 49,
    what: 'a look at all customers of the list is one turn',
    file: 'src/engine/network/published-list.ts',
    find: '      await nextTurn()\n',
    replace: '',
    test: 'src/engine/network/published-list.test.ts',
  },
  {
    row: 49,
    what: 'the list follows no lease',
    file: 'src/engine/engine.ts',
    find: '    if (subscriber !== undefined) list?.refresh(subscriber)\n',
    replace: '',
    test: 'test/e2e/dns-list.test.ts',
    name: 'an address that changes hands is not listed for its next customer',
  },
  {
    row: 49,
    what: 'a mail server within a range of consumers is listed for rbldnsd',
    file: 'src/drivers/list-files/formats.ts',
    find: 'yield `!${prefix}`',
    replace: 'yield `# ${prefix}`',
    test: 'test/e2e/dns-list-files.test.ts',
    name: 'rbldnsd answers as we do, from our files, for a hundred thousand addresses',
  },
  {
    row: 32,
    what: 'a domain whose name may be forged is published',
    file: 'src/engine/network/rogue-domains.ts',
    find: ' || answer.value <= this.#settings.widest()',
    replace: '',
    test: 'src/engine/network/rogue-domains.test.ts',
  },
  {
    row: 49,
    what: 'after a jump of the clock what has ended is listed for a minute',
    file: 'src/engine/network/published-list.ts',
    find: 'if (hasJumped) await',
    replace: 'if (hasJumped && at < 0) await',
    test: 'src/engine/network/published-list.test.ts',
  },
]
