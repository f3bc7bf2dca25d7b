/** Tests about the code as a whole that are quick enough for `npm run check`; `npm test` begins with it and does not run them again. */
export const HOUSE_TESTS = [
  'test/architecture.test.ts',
  'test/contracts/ports.test.ts',
  'test/cost/regexes.test.ts',
  'test/documented-ranges.test.ts',
  'test/evidence-cells.test.ts',
  'test/functions.test.ts',
  'test/promises.test.ts',
  'test/settings.test.ts',
  'test/type-names.test.ts',
  'test/words.test.ts',
]
