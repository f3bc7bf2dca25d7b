// Words that earlier versions have written into the ledger, the journal and the files of what was put on devices, and what they are
// called today. This is the only place where the old ones are known; `test/upgrade/` opens data that have them.

/** A word stands between its quotation marks: in a text they are escaped, so that nothing people have written is changed. */
const WORDS: readonly (readonly [before: string, today: string])[] = [
  ['"turn-round"', '"redirect-25"'],
  ['"state":"turned-round"', '"state":"redirect-25"'],
  ['"listener":"turned-round"', '"listener":"redirected"'],
  ['"outcome":"turned-round"', '"outcome":"redirected"'],
  ['"reason":"turned-round"', '"reason":"redirected"'],
  ['"turned-round listener on port ', '"redirected listener on port '],
  ['"kind":"client-misbehaved"', '"kind":"protocol-violation"'],
  ['"rule":"manners"', '"rule":"protocol-violation"'],
  ['"reason":"bad-manners"', '"reason":"protocol-violation"'],
  ['"cell":"session/bad-manners"', '"cell":"session/protocol-violation"'],
  ['"manners":[', '"violations":['],
  ['"bits":[', '"kinds":['],
  ['"wish":"', '"optOutKind":"'],
  ['"skip":[', '"skipRules":['],
  ['"garden":', '"walledGarden":'],
  ['"kind":"back-rollout"', '"kind":"rollback-rollout"'],
]

/** Kinds of decisions, as they may still be written. */
export const FORMER_DECISIONS: ReadonlyMap<unknown, string> = new Map([
  ['turn-round', 'redirect-25'],
])

/** Kinds of orders in the audit, and as they may still be written. */
export const FORMER_ORDERS: Readonly<Record<string, string>> = {
  'back-rollout': 'rollback-rollout',
}

/** Commands of the command line, as a person in a hurry may still write them. */
export const FORMER_COMMANDS: Readonly<Record<string, string>> = {
  'rollout back': 'rollout rollback',
}

/** Counters are found by their keys, which are hashed: such a key stays what it was. Otherwise every old printer would be news. */
export const VIOLATION_HABIT_KEY = 'manners'

const ANY = /turn(?:ed)?-round|manners|misbehaved|"(?:bits|wish|skip|garden)":|back-rollout/

/** JSON as JSON.stringify writes it, in today's words. */
export function inTodaysWords(json: string): string {
  if (!ANY.test(json)) return json
  return WORDS.reduce((text, [before, today]) => text.replaceAll(before, today), json)
}
