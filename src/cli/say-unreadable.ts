// Says on standard error that a file of the journal is torn: what a command prints then is of the rest.

export function sayUnreadable(file: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  console.error(`${file} cannot be read to its end (${why}); what it says after that is left out.`)
}
