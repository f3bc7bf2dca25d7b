// The name of a report that came in no mail of ours: made of its bytes, so that the same report twice is one.

import { hash } from 'node:crypto'

export const reportId = (raw: Uint8Array): string =>
  `import-${hash('sha256', raw, 'hex').slice(0, 32)}`
