// What is promised of mail to known people: a worm's is stopped, however much it chatters, and a club's has room for a letter (decisions 0067,
// 0068 and 0074).

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
    find: '(isMisses || !isUsualMailing(records[0], recipients))',
    replace: 'true',
    test: TEST,
  },
  {
    what: 'a record that an earlier version wrote is lost',
    file: room('record.ts'),
    find: '  [WITHOUT_WRITTEN]: 8 * OF_TO_MANY + WRITTEN_BYTES,\n',
    replace: '',
    test: room('record.test.ts'),
  },
  {
    what: 'chatter with one mailbox hides what is judged spam',
    file: room('step.ts'),
    find: "one.judged !== 'unseen' && counts",
    replace: "one.judged !== 'unseen'",
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
    find: 'spamUnits(known)',
    replace: 'first > 0 ? 1 : spamUnits(recipients)',
    test: room('written.test.ts'),
  },
  {
    what: 'of a worm’s mail to many at once all leaves that the filter misses',
    file: room('window/bucket-of.ts'),
    find: 'recipients >= MAILING.from && records.some(isToldByMost)',
    replace: 'false',
    test: TEST,
  },
  {
    what: 'the rest of a mailing waits because one letter of it is judged spam',
    file: room('habit.ts'),
    find: 'SPAM_TO_MANY_TIMES * cleanToMany',
    replace: 'cleanToMany / SPAM_TO_MANY_TIMES',
    test: TEST,
  },
  {
    what: 'a worm’s first message of a day leaves if the filter misses it',
    file: room('begin-episode.ts'),
    find: 'numbers.spamToMany *= SPAM_TO_MANY_KEPT',
    replace: 'numbers.spamToMany *= 0 * SPAM_TO_MANY_KEPT',
    test: TEST,
  },
  {
    what: 'one mailbox under many spellings makes a mailing',
    file: room('step.ts'),
    find: 'one.people && new Set(one.people)',
    replace: 'one.people && new Set(one.people.map((who, i) => who + i))',
    test: room('written.test.ts'),
  },
  {
    what: 'a helper’s mail to one mailbox, misjudged, is a worm’s',
    file: room('written.ts'),
    find: 'first.length + uncovered.length > 0',
    replace: 'first.length + again.length > 0',
    test: room('written.test.ts'),
  },
  {
    what: 'a bot’s spam to the same few people counts once for each',
    file: room('written.ts'),
    find: 'first.length + uncovered.length > 0',
    replace: 'first.length > 0',
    test: room('written.test.ts'),
  },
  {
    what: 'one clean message covers any number of spams to the same person',
    file: room('spam-names.ts'),
    find: 'if (left >= 0) putCredit(record, at, left)',
    replace: '',
    test: room('written.test.ts'),
  },
  {
    what: 'each message that is judged spam costs the window whole, also to one person',
    file: room('window/take.ts'),
    find: 'isAgain ? AGAIN.costs : 1',
    replace: '1',
    test: room('written.test.ts'),
  },
  {
    what: 'further spam to a person whom one reached today costs nothing',
    file: room('window/take.ts'),
    find: 'isAgain ? AGAIN.costs : 1',
    replace: 'isAgain ? 0 : 1',
    test: room('written.test.ts'),
  },
  {
    what: 'a sender under suspicion reaches the same few for a tenth',
    file: room('window/take.ts'),
    find: 'suspicion(record) < AGAIN.below',
    replace: 'suspicion(record) < Infinity',
    test: room('written.test.ts'),
  },
  {
    what: 'what waits for the window opens it for more to the same person',
    file: room('spam-names.ts'),
    find: '(nameAt(namesOf(record), at) & REACHED) > 0',
    replace: 'true',
    test: room('written.test.ts'),
  },
  {
    what: 'the window does not hear whom a message is for, and a helper’s waits',
    file: 'src/engine/evidence/window-release.ts',
    find: 'const person = facts?.episode?.person',
    replace: 'const person = undefined as number | undefined',
    test: 'test/scenarios/the-same-few.test.ts',
  },
  {
    what: 'what left is charged as if it went to another person',
    file: 'src/engine/evidence/episodes.ts',
    find: 'judgedSpam, byExit, person }, allowance',
    replace: 'judgedSpam, byExit }, allowance',
    test: 'test/scenarios/the-same-few.test.ts',
  },
  {
    what: 'in shadow it is said that a helper’s mail would wait',
    file: 'src/engine/evidence/episodes.ts',
    find: ', person: facts.episode?.person }',
    replace: ' }',
    test: 'test/scenarios/the-same-few.test.ts',
  },
  {
    what: 'clean mail that a limit holds is a habit',
    file: room('step.ts'),
    find: 'if (counts && reached) countHabit',
    replace: 'if (counts) countHabit',
    test: room('written.test.ts'),
  },
  {
    what: 'of a list that a limit holds only what is judged spam is counted',
    file: room('step.ts'),
    find: "if (one.judged !== 'unseen' && counts)",
    replace: "if (one.judged !== 'unseen' && counts && reached)",
    test: 'test/scenarios/ordinary-mailers.test.ts',
    name: 'a list of 300, one by one, twice: no line is isolated and nothing comes back',
  },
]

/** The row of evidence by episodes. */
export const MAILINGS: readonly Mutation[] = LINES.map(line => ({ row: 39, ...line }))
