// What is promised of leases that lie in one another, of news that come late, and of access servers that are not known apart.

import type { Mutation } from './mutation.ts'

export const LEASES: readonly Mutation[] = [
  {
    row: 43,
    what: 'a prefix is closed although another customer has a part of it',
    file: 'src/core/isolation/desired.ts',
    find: 'if (holdsOthers(lease)) return []',
    replace: '',
    test: 'src/engine/network/overlapping-leases.test.ts',
  },
  {
    row: 43,
    what: 'a prefix is not compared again when another customer gets a part of it',
    file: 'src/engine/network/move-leases.ts',
    find: 'new Set([...around, ...own, ...freed])',
    replace: 'new Set(own)',
    test: 'src/engine/network/overlapping-leases.test.ts',
  },
  {
    row: 61,
    what: 'the older of two leases in one another is certain',
    file: 'src/sensors/radius/session-leases.ts',
    find: 'changes.push(...overlapped(told, prefix, given))',
    replace: '',
    test: 'test/scenarios/whose-lease.test.ts',
  },
  {
    row: 61,
    what: 'what a spool tells an hour late is certain',
    file: 'src/sensors/radius/accounting.ts',
    find: 'late > TOLD_WITHIN',
    replace: 'late > 1e12',
    test: 'test/scenarios/whose-lease.test.ts',
  },
  {
    row: 61,
    what: 'late news take an address from the customer who has it',
    file: 'src/sensors/radius/session-leases.ts',
    find: 'if (kept) {',
    replace: 'if (kept && told.at < 0) {',
    test: 'src/sensors/radius/late-news.test.ts',
  },
  {
    row: 61,
    what: 'a Stop of an old session ends the new lease of its customer',
    file: 'src/model/lease.ts',
    find: 'if (lease.session) return sameLease(lease, open)',
    replace: '',
    test: 'test/scenarios/whose-lease.test.ts',
  },
  {
    row: 43,
    what: 'a second client ends the sessions of the first',
    file: 'src/sensors/radius/sessions.ts',
    find: 'record.teller === undefined ? record.nas : ',
    replace: 'record.teller !== "" ? record.nas : ',
    test: 'src/sensors/radius/sessions.test.ts',
  },
  {
    row: 43,
    what: 'a changed table waits for the next update',
    file: 'src/sensors/radius/names-of.ts',
    find: '      changed()\n',
    replace: '',
    test: 'src/sensors/radius/names-of.test.ts',
  },
  {
    row: 61,
    what: 'that an access server began anew is forgotten at a restart',
    file: 'src/sensors/radius/sessions.ts',
    find: 'const anew = this.#settings.anewOf?.(name)',
    replace: 'const anew = undefined',
    test: 'src/sensors/radius/customers-changed.test.ts',
  },
]
