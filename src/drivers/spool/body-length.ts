// A large body is a file beside the queue: a file system after a power loss, or a backup that was restored in part, leaves it shorter than it
// was. What is not as long as its row says is not sent as if it were whole.

/** Undefined when it is; else what is wrong with it. `found`: bytes of the file, undefined when it is not there. */
export function wrongLength(wanted: number, found: number | undefined): string | undefined {
  if (found === undefined) return 'its body is gone'
  return found === wanted ? undefined : `its body has ${found} bytes instead of ${wanted}`
}
