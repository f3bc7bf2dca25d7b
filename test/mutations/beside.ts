// What is promised beside a Postfix that stays, and of mail that is held there as of our own.

import type { Mutation } from './mutation.ts'

export const BESIDE: readonly Mutation[] = [
  {
    row: 14,
    what: 'a case that is watched is no case of its mail',
    file: 'src/engine/chores/second-look.ts',
    find: 'const [heaviest] = cases.toSorted(',
    replace: "const [heaviest] = cases.filter(one => one.status !== 'watched').toSorted(",
    test: 'src/engine/chores/second-look.test.ts',
  },
  {
    row: 16,
    what: 'one message to very many goes when nothing else is counted',
    file: 'src/engine/chores/in-turn-again.ts',
    find: 'if (wait === 0) others.push(one)',
    replace: 'if (wait >= 0) others.push(one)',
    test: 'test/doors/many-recipients.test.ts',
  },
  {
    row: 16,
    what: 'one message to very many leaves no debt',
    file: 'src/engine/chores/room-again.ts',
    find: "{ op: 'tokens', ...debt },",
    replace: "{ op: 'tokens', ...debt, cost: 0 },",
    test: 'test/doors/many-recipients.test.ts',
  },
  {
    row: 16,
    what: 'mail over a limit goes while its case has mail waiting',
    file: 'src/engine/chores/in-turn-again.ts',
    find: 'if (waits) return waits.due',
    replace: 'if (waits && waits.due < 0) return waits.due',
    test: 'test/doors/backlog-over-limit.test.ts',
  },
  {
    row: 16,
    what: 'a release that failed once is never made',
    file: 'src/engine/chores/room-again.ts',
    find: 'counted.taken || counted.repeated)',
    replace: 'counted.taken)',
    test: 'test/doors/held-elsewhere.test.ts',
  },
  {
    row: 30,
    what: 'a report hits whoever a thief named as the sender',
    file: 'src/engine/chores/report-to.ts',
    find: 'return mine ? sender',
    replace: "return mine || sender !== '' ? sender",
    test: 'src/engine/chores/second-look.test.ts',
  },
  {
    row: 37,
    what: 'a permit in front of the check is not seen',
    file: 'src/cli/postfix-restrictions.ts',
    find: '!GIVEN.test(word) && !GOES_ON.test(word)',
    replace: "word === 'permit_mynetworks'",
    test: 'src/cli/postfix-ways-in.test.ts',
  },
  {
    row: 37,
    what: 'held mail that Postfix renamed is forgotten silently',
    file: 'src/engine/intake/elsewhere/held-elsewhere.ts',
    find: 'isRenamed(was, is)',
    replace: 'isRenamed(is, was)',
    test: 'src/engine/intake/elsewhere/held-elsewhere.test.ts',
  },
  {
    row: 39,
    what: 'one message to very many is one message',
    file: 'src/core/detection/weigh.ts',
    find: 'if (strangers < NUMBERS.manyPeople.value) return []',
    replace: 'if (strangers > 0) return []',
    test: 'src/core/detection/weigh.test.ts',
  },
]
