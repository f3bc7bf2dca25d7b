// Which files of tests `npm test` runs a second time, with slow stores (CORDON_STORES=slow): all, but for those named here. So a new file
// is run without a word. test/tools/slow-pass.test.ts looks whether those that are left out really use no store.

export const SLOW = { CORDON_STORES: 'slow' } as const

/** Why -> files. */
export const NOT_SLOW = {
  /** Neither start the program nor open its stores: they would do the same a second time. */
  'no store': [
    'test/bad-configs/bad-configs.test.ts',
    'test/bench/interval.test.ts',
    'test/bench/run-bench.test.ts',
    'test/contracts/half-open.test.ts',
    'test/cost/authentication.test.ts',
    'test/cost/doors.test.ts',
    'test/cost/mail.test.ts',
    'test/cost/regexes.test.ts',
    'test/cost/rules.test.ts',
    'test/cost/sensors.test.ts',
    'test/cost/steps.test.ts',
    'test/e2e/hostile-archives.test.ts',
    'test/fuzz/flows.test.ts',
    'test/fuzz/milter.test.ts',
    'test/fuzz/policy.test.ts',
    'test/fuzz/radius.test.ts',
    'test/fuzz/second-readers.test.ts',
    'test/fuzz/sensors.test.ts',
    'test/fuzz/smtp.test.ts',
    'test/orders/api.test.ts',
    'test/orders/engine.test.ts',
  ],
  'about tools': [
    'test/e2e/npm-test.test.ts',
    'test/e2e/recipes.test.ts',
    'test/how-it-works.test.ts',
    'test/tools/npm-warnings.test.ts',
    'test/tools/slow-pass.test.ts',
  ],
  /** Says itself when each call arrives and is answered, and waits for no other delay. */
  'slow by itself': ['test/scenarios/slow-store.test.ts'],
  /** Minutes of real routers, modems and exporters of flows; test/lab has others that ask the stores as often. */
  'minutes of devices': [
    'test/lab/cpe.test.ts',
    'test/lab/flows.test.ts',
    'test/lab/kea-clean-up.test.ts',
    'test/lab/nftables.test.ts',
    'test/lab/who-is-closed.test.ts',
    'test/e2e/radius-proxy.test.ts',
  ],
  /** How much memory connections and messages take. */
  'about memory': ['test/e2e/crowd.test.ts', 'test/e2e/large.test.ts'],
  /** Dozens of starts and stops, most of which end before a store is asked, or wait for a part that hangs. Each other test of the program
   *  starts and stops it with slow stores, and test/e2e/crash-everywhere.test.ts kills it with them. */
  'starts and stops': [
    'test/e2e/crash.test.ts',
    'test/e2e/early-signals.test.ts',
    'test/e2e/start-damage.test.ts',
    'test/e2e/start-doors.test.ts',
    'test/e2e/start-refused.test.ts',
    'test/e2e/start.test.ts',
    'test/e2e/stop.test.ts',
  ],
  /** A hundred towns of half a minute each: calls are late by the wall clock, not by theirs. What is byte for byte the same there differs, too, in
   *  the numbers of messages and cases that two subjects get at the same instant. */
  'too long': ['test/scenarios/owed-replies.test.ts', 'test/scenarios/town.test.ts'],
} as const satisfies Readonly<Record<string, readonly string[]>>

const left = new Set<string>(Object.values(NOT_SLOW).flat())

export const slowPass = (files: readonly string[]): string[] =>
  files.filter(file => !left.has(file))
