// What is promised of mail to known people: a worm's is stopped, however much it chatters, and a club's has room for a letter (decisions 0067
// and 0068).

import type { Mutation } from './mutation.ts'

const WORMS = 'test/scenarios/worms.test.ts'
const BOUGHT = 'test/scenarios/bought-with-clean-mail.test.ts'
const room = (file: string) => `src/core/detection/episodes/${file}`
const TEST = room('window/mailings.test.ts')

const LINES: readonly Omit<Mutation, 'row'>[] = [
  {
    what: 'a worm of ten counts as one message',
    file: room('habit.ts'),
    find: 'between(1, known, SPAM_TO_MANY)',
    replace: 'between(1, known, 1)',
    test: WORMS,
    name: '… nor more by the habit that it teaches, or by tokens beside its exit',
  },
  {
    what: 'a mailing that is judged spam leaves as often as it is sent',
    file: room('window/refill.ts'),
    find: 'Math.min(mailingCap, room)',
    replace: 'mailingCap',
    test: WORMS,
    name: '… nor by the clean mailings that it sends for weeks: one more than without, and no more',
  },
  {
    what: 'a club whose mailing is taken for spam has no room for it',
    file: room('window/exits.ts'),
    find: 'recipients - Math.min(recipients, mailingTokens)',
    replace: 'recipients',
    test: TEST,
  },
  {
    what: 'what a worm writes to ten known people at once leaves where the filter misses it',
    file: room('window/bucket-of.ts'),
    find: "isCompanion && isWorms ? 'spam-to-known' : 'known'",
    replace: "'known'",
    test: TEST,
  },
  {
    what: 'the clean mailings of a club return because one beside them is judged spam',
    file: room('window/bucket-of.ts'),
    find: '&& !isUsualMailing(records[0], recipients)',
    replace: '',
    test: TEST,
  },
  {
    what: 'a record that an earlier version wrote is lost',
    file: room('record.ts'),
    find: '  [WITHOUT_WRITTEN]: WRITTEN_BYTES,\n',
    replace: '',
    test: room('record.test.ts'),
  },
  {
    what: 'chatter with one mailbox hides what is judged spam',
    file: room('step.ts'),
    find: "(one.judged === 'clean' && counts)",
    replace: "one.judged === 'clean'",
    test: BOUGHT,
    name: 'clean chatter beside spam, with two mailboxes of its own, buys a bot nothing',
  },
  {
    what: 'who writes many clean messages has a wider window for what is judged spam',
    file: room('habit.ts'),
    find: 'Math.min(numbers.usualMessages, usual)',
    replace: 'numbers.usualMessages',
    test: room('written.test.ts'),
  },
  {
    what: 'spam to oneself is learned as a habit',
    file: room('habit.ts'),
    find: 'Math.min(numbers.usualSpam, usual * USUAL_SPAM_MOST)',
    replace: 'numbers.usualSpam',
    test: room('written.test.ts'),
  },
  {
    what: 'a mailing that a limit holds makes room for spam',
    file: 'src/engine/intake/submit.ts',
    find: "judged.verdict.kind === 'hold' ? { held: true as const } : {}",
    replace: '{}',
    test: BOUGHT,
    name: 'mailings that a limit holds, so that they reach none, make no room for one that is judged spam',
  },
  {
    what: 'one stranger among them, and a worm’s message to many counts as one',
    file: room('step.ts'),
    find: 'spamUnits(recipients - first)',
    replace: 'first > 0 ? 1 : spamUnits(recipients)',
    test: room('written.test.ts'),
  },
]

/** The row of evidence by episodes. */
export const MAILINGS: readonly Mutation[] = LINES.map(line => ({ row: 39, ...line }))
