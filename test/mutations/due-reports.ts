// What is promised of reports to domains, of TLS and of DMARC alike: that none is lost, and none holds up another.

import type { Mutation } from './mutation.ts'

const DUE = 'src/drivers/due-reports.ts'
const TEST = 'src/drivers/due-reports.test.ts'

export const DUE_REPORTS: readonly Mutation[] = [
  {
    row: 15,
    what: 'a clock that is ahead for a moment drops what was counted',
    file: DUE,
    find: 'return runs >= RUNS_LOST',
    replace: 'return runs > 0',
    test: TEST,
  },
  {
    row: 15,
    what: 'a report that cannot be sent holds up all others',
    file: DUE,
    find: 'await Promise.allSettled(done)',
    replace: 'await Promise.all(done).then(() => [] as PromiseSettledResult<void>[])',
    test: TEST,
  },
  {
    row: 15,
    what: 'names without an answer are asked one after the other',
    file: DUE,
    find: 'const AT_ONCE = 20',
    replace: 'const AT_ONCE = 1',
    test: TEST,
  },
  {
    row: 15,
    what: 'a silent DNS is asked at each run',
    file: DUE,
    find: 'this.#again.set(one.key, at + HOUR)',
    replace: 'this.#again.set(one.key, at)',
    test: TEST,
  },
  {
    row: 15,
    what: 'of domains with one exchanger one hears how TLS went',
    file: 'src/drivers/delivery/smtp-pool.ts',
    find: '        sessions.used(kept, hop)\n',
    replace: '',
    test: 'src/drivers/delivery/smtp-pool.test.ts',
  },
  {
    row: 15,
    what: 'a kept connection is told with each message',
    file: 'src/drivers/delivery/tls-report/told-sessions.ts',
    find: '    told.domains.add(domain)\n',
    replace: '',
    test: 'src/drivers/delivery/smtp-pool.test.ts',
  },
  {
    row: 15,
    what: 'one answer of the DNS that fails costs the report of a day',
    file: 'src/drivers/delivery/tls-report/tls-counts.ts',
    find: 'if (wants ?? true) this',
    replace: 'if (wants ?? false) this',
    test: 'src/drivers/delivery/tls-report/tls-reports.test.ts',
  },
  {
    row: 15,
    what: 'a stranger fills the mailbox of the postmaster with reports that came back',
    file: 'src/app/tls-reports.ts',
    find: ', unreported: true',
    replace: '',
    test: 'test/e2e/tls-reports.test.ts',
  },
  {
    row: 15,
    what: 'all Cordons without a name are one to those who read their reports',
    file: 'src/app/reporter-name.ts',
    find: 'provider === ENGLISH.names.provider ? domain : provider',
    replace: 'domain === ENGLISH.names.provider ? domain : provider',
    test: 'src/app/reporter-name.test.ts',
  },
]
