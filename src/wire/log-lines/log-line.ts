// One line of a log, taken out of what the syslog daemon, the journal or a container wrote around it.

export type LogLine = {
  /** ms since 1970. */
  readonly at: number
  /** False: the stamp has no zone, `at` is as if it were UTC; no lease may be joined with it. */
  readonly zoneKnown: boolean
  /** Empty where the frame has none. */
  readonly host: string
  /** `postfix/submission/smtpd`; `exim` for a line of Exim's own file. */
  readonly program: string
  /** Process id, or empty. */
  readonly pid: string
  readonly text: string
  /** The journal says that another program, or a user's own, wrote it under this name. */
  readonly foreign?: true
  /** Where the journal is to be read on from. */
  readonly cursor?: string
}
