// What could not be run. At home that is said; in CI (the variable CI is set) it is a failure, unless CORDON_ALLOW_SKIP names it: files or
// folders of tests, and programs beside which a bench measures ours, with commas or spaces between them.

export type Skipped = {
  /** A file or a folder of tests, or a program. */
  readonly what: string
  /** In words, with the line that would make it run. */
  readonly why: string
}

/** Those that are failures. */
export function notAllowed<S extends Skipped>(
  skipped: readonly S[],
  { CI = '', CORDON_ALLOW_SKIP = '' }: NodeJS.ProcessEnv,
): readonly S[] {
  if (CI === '' || CI === 'false') return []
  const named = CORDON_ALLOW_SKIP.split(/[\s,]+/).map(word => word.replace(/\/$/, ''))
  return skipped.filter(({ what }) =>
    named.every(word => word === '' || (what !== word && !what.startsWith(`${word}/`))),
  )
}

export const skippedLine = ({ what, why }: Skipped): string => `skipped: ${what}: ${why}`

/** For the closing lines. */
export const notAllowedLine = ({ what }: Skipped): string =>
  `failed: ${what} was skipped, and CI is set. Make it run, or name it: CORDON_ALLOW_SKIP=${what}`
