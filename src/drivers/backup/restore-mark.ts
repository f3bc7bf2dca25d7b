// What says of a data folder that a backup is being put back into it, or was not to its end; and when one was.

/** A file of the folder. */
export const RESTORE_MARK = 'restore-unfinished'
/** `{"at": ms}`, of the last one. Devices that cannot be asked are told everything once more. */
export const RESTORED = 'restored.json'
