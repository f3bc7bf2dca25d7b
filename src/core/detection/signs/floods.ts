// A line sends one address more small packets than any program of people does.

import { grown } from './grown.ts'

export const floods = grown(
  'flood',
  [[1, { p0: 0.0005, p1: 0.05, source: '[est]' }]],
  ({ other }) => `flooded ${other} with small packets`,
)
