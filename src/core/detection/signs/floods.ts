// A line sends one address more small packets than most programs of people do. Its answers do so, too: to pings, or for a large download.

import { grown } from './grown.ts'

export const floods = grown(
  'flood',
  [[1, { p0: 0.0005, p1: 0.05, source: '[est]' }]],
  ({ other }) => `flooded ${other} with small packets`,
  { byOthers: true },
)
