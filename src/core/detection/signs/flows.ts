// Whom a line talks to, by flow records: foreign submission servers, machines that command infected ones, strangers whom it serves.

import { grown } from './grown.ts'

/** Stolen passwords are tried, or used. */
export const submissionFanOut = grown(
  'submission-fan-out',
  [
    [5, { p0: 0.001, p1: 0.05, source: 'p0: a mail program with many accounts [est]' }],
    [15, { p0: 0.0002, p1: 0.04, source: '[est]' }],
  ],
  ({ count }) => `talked to ${count} foreign mail submission servers within ten minutes`,
)

export const commandContact = grown(
  'command-contact',
  [[1, { p0: 0.0005, p1: 0.2, source: 'p0: addresses that are shared or old in the feed [est]' }]],
  ({ list = 'a feed', port }) =>
    `talked to a machine that commands infected ones (${list}, port ${port})`,
)

export const servesMany = grown(
  'serves-many',
  [[50, { p0: 0.002, p1: 0.03, source: 'p0: a server at home [est]' }]],
  ({ count, port }) => `${count} strangers connected to its port ${port} within ten minutes`,
  { byOthers: true },
)
