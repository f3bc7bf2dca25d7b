/** File of a data folder into which a backup is being put back, or was not to its end. */
export const RESTORE_MARK = 'restore-unfinished'
