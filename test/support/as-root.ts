/** Options of a test that becomes another user. */
export const asRoot =
  process.getuid?.() === 0 ? {} : { skip: 'run it as root: it becomes another user' }
/** Options of a test that mounts a file system. */
export const mounts =
  process.getuid?.() === 0 ? {} : { skip: 'run it as root (sudo npm test): it mounts' }
