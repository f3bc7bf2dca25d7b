// What is promised of those who are asked about mail that waits (docs/evidence.md): who may answer, how often, and what they are told.

import type { Mutation } from './mutation.ts'

const WORD = 'test/scenarios/owners-word.test.ts'
const LETTER = 'test/scenarios/asked-by-letter.test.ts'
const THIEF = 'a thief who says "it was me" with all that a password gives gains nothing'
const order = (file: string) => `src/engine/orders/${file}`

const LINES: readonly Omit<Mutation, 'row'>[] = [
  {
    what: 'words: a password is proof enough',
    file: order('proven-owner.ts'),
    find: "if (answer === 'right') return undefined",
    replace: 'if (answer) return undefined',
    test: WORD,
    name: THIEF,
  },
  {
    what: 'words: what waits is sent for whoever is logged in',
    file: order('settle-message.ts'),
    find: "if (waits.length === 0 && (code ?? '').trim() === '') return 'held only'",
    replace: "if (waits.length >= 0) return 'proven'",
    test: WORD,
    name: THIEF,
  },
  {
    what: 'words: a release forgets for whoever is logged in',
    file: order('release.ts'),
    find: 'byWindow !== undefined',
    replace: 'byWindow === null',
    test: WORD,
    name: 'a hold that episodes decided is no case that a password ends',
  },
  {
    what: 'words: owners speak for others',
    file: order('give-word.ts'),
    find: 'mayTouch(actor, { subscriber: owner?.id })',
    replace: "mayTouch({ kind: 'staff', name: '' }, { subscriber: owner?.id })",
    test: WORD,
  },
  {
    what: 'words: it was me counts as often as it is said',
    file: order('give-word.ts'),
    find: 'if (counted?.taken === false)',
    replace: 'if (!counted)',
    test: WORD,
    name: '"it was me" with the second factor halves what is known, and opens the window once in two weeks',
  },
  {
    what: 'words: a word that is not kept is answered as one that is',
    file: order('give-word.ts'),
    find: 'if (await isKept(reporter, subject, { at, until })) return done(text)',
    replace: 'if (!isKept.name) return NOT_NOW\n  return done(text)',
    test: WORD,
    name: 'where the word cannot be kept the owner is told so, and may say it again',
  },
  {
    what: 'words: a replay does not hear them',
    file: 'src/core/detection/observations-in.ts',
    find: "if (said === 'not-me') return undefined",
    replace: 'if (said) return undefined',
    test: WORD,
  },
  {
    what: 'words: it was not me isolates the line of a household',
    file: order('answer-question.ts'),
    find: 'if (isLine(subject)) {',
    replace: 'if (!subject) {',
    test: WORD,
    name: '"it was not me" stops the login, needs no more than the password, and isolates no line',
  },
  {
    what: 'words: a later word takes from what staff opened',
    file: 'src/core/detection/episodes/step.ts',
    find: 'Math.max(numbers.freeUntil, at +',
    replace: 'Math.max(0, at +',
    test: 'src/core/detection/episodes/step.test.ts',
    name: 'what staff open is for more people and longer, and no later word makes it less',
  },
  {
    what: 'words: the page lets whoever is logged in send what waits',
    file: 'src/doors/http/held-card.ts',
    find: 'if (row && goesWithoutCode(row, view)) return send',
    replace: 'if (row) return send',
    test: 'src/doors/http/question-card.test.ts',
  },
  {
    what: 'words: an owner is asked about every message',
    file: 'src/engine/letters/ask-owners.ts',
    find: '(asked.readings[0]?.value ?? 0) > 0',
    replace: '(asked.readings[0]?.value ?? 0) > 1e9',
    test: LETTER,
  },
  {
    what: 'words: what has gone soon is asked about',
    file: 'src/engine/letters/ask-owners.ts',
    find: 'at - first.at < ASKED_AFTER',
    replace: 'at < first.at',
    test: LETTER,
  },
  {
    what: 'words: a letter that was written before a crash is written again',
    file: 'src/engine/letters/ask-owners.ts',
    find: '`was-it-you.${encodeURIComponent(owner.id)}.${Math.floor(at / ASKED_EVERY)}`',
    replace: '`was-it-you.${at}`',
    test: LETTER,
    name: 'ended between the letter and the note of it, the next Cordon writes no second one',
  },
]

/** Of the row of docs/promises.md about what may leave at the worst. */
export const WORDS: readonly Mutation[] = LINES.map(line => ({ row: 60, ...line }))
