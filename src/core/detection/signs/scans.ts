// A line knocks at one port of many machines that do not answer.

import { grown } from './grown.ts'

export const scans = grown(
  'scan',
  [
    [20, { p0: 0.001, p1: 0.3, source: 'p0: tools of enthusiasts [est]' }],
    [100, { p0: 0.0003, p1: 0.25, source: '[est]' }],
  ],
  ({ count, port }) => `knocked at port ${port} of ${count} machines that did not answer`,
)
