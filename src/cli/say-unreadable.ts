// Warns on standard error that a file of the journal is torn, and that the output of the command leaves it out.

export function sayUnreadable(file: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  console.error(`${file} cannot be read to its end (${why}); what it says after that is left out.`)
}
