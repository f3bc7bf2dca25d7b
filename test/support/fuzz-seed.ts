// The seed of what is drawn at random: --seed N behind the file, or CORDON_FUZZ_SEED; else always the same, so that `npm test` is not red by
// chance. One that is no number is refused: as NaN or 0 it
// would be another run than the one that was to be repeated.

/** A whole number; `otherwise` where none is given. */
export function fuzzSeed(
  otherwise = 1,
  given: { readonly args: readonly string[]; readonly variable: string | undefined } = {
    args: process.argv.slice(2),
    variable: process.env['CORDON_FUZZ_SEED'],
  },
): number {
  const text = seedArgument(given.args) ?? given.variable
  if (text === undefined || text === '') return otherwise
  if (!/^\d{1,15}$/.test(text))
    throw new Error(`the seed is ${JSON.stringify(text)}: write a whole number, such as 721249035`)
  return Number(text)
}

function seedArgument(args: readonly string[]): string | undefined {
  const joined = args.find(one => one.startsWith('--seed='))
  if (joined !== undefined) return joined.slice('--seed='.length)
  const at = args.indexOf('--seed')
  return at < 0 ? undefined : (args[at + 1] ?? 'nothing')
}
