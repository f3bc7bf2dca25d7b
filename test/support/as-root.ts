/** Options of a test that becomes another user. */
export const asRoot =
  process.getuid?.() === 0 ? {} : { skip: 'run it as root: it becomes another user' }
