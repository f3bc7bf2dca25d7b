// New names for messages, incidents and decisions. A port, so that a simulation names things the same way twice.

export interface Names {
  /** Queue id: short, safe in file names and log lines. */
  message(): string
  /** Id of an incident, a decision, a notice. */
  readonly record: () => string
  /** What an owner reads out on the telephone: `K7-2M9Q`. */
  caseCode(): string
}
