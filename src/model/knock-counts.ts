// How widely a line knocks at port 25, as far as is known when one of its knocks is told (core/detection/signs/fan-out.ts).

export type KnockCounts = {
  /** Whose the server is, by a name that leads back to its address (organisational domain). */
  readonly organisation?: string
  /** Different servers of this line within the window, this one included. */
  readonly servers?: number
  /** Organisations that these servers are known to be of. */
  readonly organisations?: number
  /** What both come to. */
  readonly fanOut?: number
}
