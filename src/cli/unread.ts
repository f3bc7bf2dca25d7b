// What a command does when what it prints is not taken: `cordon subscriber list | head` ends quietly, and a full disk is said.

/** Standard output that is no longer read, or that cannot be written, ends the process. Not for servers: there the mail goes on. */
export function endWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader that closed the pipe has read enough.
    if (error.code === 'EPIPE') process.exit()
    console.error(`cordon: what was to be printed cannot be written: ${error.message}.`)
    process.exit(1)
  })
  process.stderr.on('error', () => undefined)
}
