// Warns on standard error that a file of the journal is torn, and that the output of the command leaves it out.

import { wordsOf } from '../model/errors.ts'

export function sayUnreadable(file: string, error: unknown): void {
  const why = wordsOf(error)
  console.error(`${file} cannot be read to its end (${why}); what it says after that is left out.`)
}
