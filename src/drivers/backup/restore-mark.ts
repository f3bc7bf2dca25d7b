// What says of a data folder that a backup is being put back into it, or was not to its end.

/** A file of the folder. */
export const RESTORE_MARK = 'restore-unfinished'
