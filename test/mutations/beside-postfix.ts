// What is promised beside a Postfix that stays: the clock, the releaser, and what the doctor sees.

import type { Mutation } from './mutation.ts'

export const BESIDE_POSTFIX: readonly Mutation[] = [
  {
    row: 37,
    what: 'a clock that is set makes a releaser that answers one that is away',
    file: 'src/engine/intake/elsewhere/held-elsewhere.ts',
    find: 'if (passed() - last.answeredAt >= FRESH)',
    replace: 'if (now() - last.answeredAt >= FRESH)',
    test: 'src/engine/intake/elsewhere/held-elsewhere.test.ts',
  },
  {
    row: 37,
    what: 'a clock that is set forgets mail on its way into the hold queue',
    file: 'src/engine/intake/elsewhere/held-elsewhere.ts',
    find: 'since === undefined ? at - held',
    replace: 'since !== undefined ? at - held',
    test: 'src/engine/intake/elsewhere/held-elsewhere.test.ts',
  },
  {
    row: 37,
    what: 'over a limit mail goes where the releaser was not asked for minutes',
    file: 'src/engine/intake/elsewhere/held-elsewhere.ts',
    find: "last.answeredAt >= FRESH) return 'not asked'",
    replace: "last.answeredAt >= FRESH) return 'away'",
    test: 'src/engine/intake/elsewhere/held-elsewhere.test.ts',
  },
  {
    row: 37,
    what: "the doctor says of a releaser that answers root alone that it is Cordon's",
    file: 'src/cli/postfix-releaser.ts',
    find: 'away === undefined && socket !== undefined ? hold.refused?.(socket)',
    replace: 'away !== undefined && socket !== undefined ? hold.refused?.(socket)',
    test: 'src/cli/postfix-releaser.test.ts',
  },
  {
    row: 37,
    what: 'the doctor says nothing of a filter before the queue, where nothing can be held',
    file: 'src/cli/postfix-proxied.ts',
    find: "if (filter === '')",
    replace: "if (filter !== '?')",
    test: 'src/cli/postfix-proxied.test.ts',
  },
  {
    row: 37,
    what: 'the doctor takes mail behind a filter for asked about where all of it is the filter’s',
    file: 'src/cli/postfix-ways-in.ts',
    find: "valueOf(postfix, one)(XCLIENT) !== '' &&",
    replace: '',
    test: 'src/cli/postfix-proxied.test.ts',
  },
  {
    row: 37,
    what: 'the doctor does not say that mail goes unasked while Cordon is away',
    file: 'src/cli/postfix-when-away.ts',
    find: 'PASSES = /^(?:accept|dunno|',
    replace: 'PASSES = /^(?:',
    test: 'src/cli/postfix-when-away.test.ts',
  },
  {
    row: 37,
    what: 'the doctor does not see what is left out under stress',
    file: 'src/cli/postfix-ways-in.ts',
    find: "['stress', 'yes']",
    replace: "['stress', '']",
    test: 'src/cli/postfix-when-away.test.ts',
  },
]
