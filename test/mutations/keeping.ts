// What is promised of what is kept, and of the people who run it.

import type { Mutation } from './mutation.ts'

export const KEEPING: readonly Mutation[] = [
  {
    row: 14,
    what: 'a letter of one name is taken twice',
    file: 'src/drivers/spool/spool-store.ts',
    find: 'if (message.once !== undefined && !this.#isFirst(message.once, message.at))',
    replace:
      'if (message.once !== undefined && this.#isFirst(message.once, message.at) && size < 0)',
    test: 'test/contracts/spool.test.ts',
  },
  {
    row: 14,
    what: 'mail that is out for delivery is lent again',
    file: 'src/drivers/spool/spool-store.ts',
    find: "const isFree = (row: SpoolRow) => !busy.has(Number(row['recipient']))",
    replace: 'const isFree = (row: SpoolRow) => row !== undefined',
    test: 'test/contracts/spool.test.ts',
  },
  {
    row: 46,
    what: 'somebody is told of a limit with every message',
    file: 'src/engine/letters/notify.ts',
    find: "if ('failed' in told || (told.readings[0]?.value ?? 0) > 0) return",
    replace: "if ('failed' in told) return",
    test: 'src/engine/letters/notify.test.ts',
  },
  {
    row: 46,
    what: 'a letter that was not taken is forgotten',
    file: 'src/engine/intake/internal-mail.ts',
    find: "if (verdict.kind !== 'accept') throw new",
    replace: "if (verdict.kind === 'discard') throw new",
    test: 'src/engine/intake/internal-mail.test.ts',
  },
  {
    row: 16,
    what: 'limits are suggested without room',
    file: 'src/core/policy/suggest.ts',
    find: 'one[name])) * ROOM)',
    replace: 'one[name])))',
    test: 'src/core/policy/suggest.test.ts',
  },
  {
    row: 55,
    what: 'a customer gives orders of staff',
    file: 'src/engine/orders/command.ts',
    find: 'return contract.ownerMay ? undefined',
    replace: 'return contract.kind ? undefined',
    test: 'test/orders/engine.test.ts',
    name: 'who may not give an order is told so, before anything is looked at',
  },
  {
    row: 55,
    what: 'passwords are written into the audit',
    file: 'src/engine/orders/command.ts',
    find: '...contract.censor(fields), ',
    replace: '',
    test: 'test/orders/engine.test.ts',
    name: 'no password and no code is written down; where an owner sat is',
  },
  {
    row: 56,
    what: 'one address of two customers is taken',
    file: 'src/config/cross-checks/customers.ts',
    find: 'if (before && before.login !== login)',
    replace: "if (before && before.login === '')",
    test: 'test/bad-configs/bad-configs.test.ts',
  },
  {
    row: 57,
    what: 'a bad row of the feed changes a customer',
    file: 'src/model/feed-row.ts',
    find: 'if (strange !== undefined)',
    replace: 'if (strange === id)',
    test: 'src/model/feed-row.test.ts',
  },
]
