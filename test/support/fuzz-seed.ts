// The seed of what is drawn at random: --seed N behind the file, or CORDON_FUZZ_SEED; else always the same, so that `npm test` is not red by
// chance. One that is no number, or written otherwise, is refused: as NaN or 0, or unheard, it would be another run than the one that was
// to be repeated.

import { readFileSync } from 'node:fs'

/** A whole number; `otherwise` where none is given. */
export function fuzzSeed(
  otherwise = 1,
  given: { readonly args: readonly string[]; readonly variable: string | undefined } = {
    args: [...process.argv.slice(2), ...argsOfRunner()],
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
  if (at >= 0) return args[at + 1] ?? 'nothing'
  const unknown = args.find(one => /^-*seed/i.test(one))
  if (unknown !== undefined) throw new Error(`${unknown} is not read: write --seed 721249035`)
  return undefined
}

/** `node --test FILE --seed N` takes the rest for files, and tells the process in which FILE runs nothing of it. */
function argsOfRunner(): readonly string[] {
  if (process.env['NODE_TEST_CONTEXT'] === undefined) return []
  return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0').slice(1, -1)
}
