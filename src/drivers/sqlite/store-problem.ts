// What SQLite's errors mean for the operator of the machine: a sentence that names the file, and whether the trouble lies in the file (it
// is damaged) or in the world around it (no room, no right, a disk that does not answer), which may pass by itself. An operator told that a
// file is damaged goes for the backup: it is said of nothing else.

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), without what extends them. */
const SENTENCES: Readonly<Record<number, string>> = {
  5: 'is in use by another program, such as a backup. Let that end first.',
  6: 'is in use by another program, such as a backup. Let that end first.',
  8: 'cannot be written by this user, or lies on a file system that is mounted read-only.',
  10: 'cannot be read or written: the disk reports an error or has no room. Look at "dmesg" and "df"; once it can, the same data folder starts.',
  13: 'does not fit: the file system is full. Make room: the same data folder starts then, and nothing in it is lost.',
  14: 'cannot be opened: look at the owner and the mode of its folder and of the files beside it.',
}
const CORRUPT = 11
const NOT_A_DATABASE = 26
/** No such table, a column that is there already. */
const OTHER_TABLES = 1
/** Rows that are not as they should be: two of one key, nothing where something must be. */
const OTHER_ROWS = 19
const BUSY = [5, 6]

/** The file itself is not what it should be, which does not pass. */
export const isDamage = (error: unknown): boolean =>
  [CORRUPT, NOT_A_DATABASE].includes(codeOf(error) ?? 0)

/**
 * For an error met while a file is opened: whether the file, its tables or its rows are not what they should be. An error that is not
 * SQLite's was found in the file by our own code.
 */
export function liesInFile(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined || isDamage(error) || [OTHER_TABLES, OTHER_ROWS].includes(code)
}

/** Another program has it locked. */
export const isBusy = (error: unknown): boolean => BUSY.includes(codeOf(error) ?? 0)

/** Neither the file nor Cordon is at fault: a full disk, a right that is missing, another program. */
export const mayPass = (error: unknown): boolean => SENTENCES[codeOf(error) ?? 0] !== undefined

/** The error as a sentence about `path`; what is no error of SQLite stays what it is. */
export function storeProblem(error: unknown, path: string): Error {
  const code = codeOf(error)
  if (code === undefined) return error instanceof Error ? error : new Error(String(error))
  const words = SENTENCES[code] ?? `cannot be used: ${(error as Error).message}.`
  return new Error(`${path} ${words}`, { cause: error })
}

function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}
