// What an operator is told of beside cases: one line each.

import type { Condition } from './condition.ts'
import { certificate } from './conditions/certificate.ts'
import { disk } from './conditions/disk.ts'
import { fuse } from './conditions/fuse.ts'
import { growingQueue } from './conditions/growing-queue.ts'
import { raised } from './conditions/raised.ts'
import { sensor } from './conditions/sensor.ts'
import { silent } from './conditions/silent.ts'
import { stores } from './conditions/stores.ts'

export const CONDITIONS: readonly Condition[] = [
  fuse,
  stores,
  disk,
  raised,
  sensor,
  silent,
  certificate,
  growingQueue,
]
