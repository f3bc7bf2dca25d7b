// Where a name stands, and where something could not be read: `inner.zip in outer.zip`.

/** Characters of each name in a path, its last ones, and of a path where a cause is told. */
const MAX_PATH_NAME = 60
const MAX_PATH = 120
const MAX_CAUSE = 200

export const pathOf = (name: string, outer: string): string =>
  [name.slice(-MAX_PATH_NAME), outer].filter(one => one !== '').join(' in ')

export const causeAt = (path: string, cause: string): string =>
  (path === '' ? cause : `${path.slice(0, MAX_PATH)}: ${cause}`).slice(0, MAX_CAUSE)
