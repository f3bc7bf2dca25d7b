// What flow records (src/sensors/flows/) may show of a line.

/** What the traffic of a line shows, by flow records. Which numbers of it are told is in `sensors/flows/flow-watch.ts`. */
export const TRAFFIC_SIGNS = [
  /** Talks to many foreign submission servers: stolen passwords are tried, or used. */
  'submission-fan-out',
  /** Knocks at one port of many machines that do not answer. */
  'scan',
  /** Talks to a machine that is known to command infected ones. */
  'command-contact',
  /** Many strangers open connections to a well-known port of it. */
  'serves-many',
  /** Sends one address more small packets than any program of people does. */
  'flood',
] as const
export type TrafficSign = (typeof TRAFFIC_SIGNS)[number]
