// Whether the disk of the data folder has room.

import { statfs } from 'node:fs/promises'
import { isNearlyFull } from '../../../model/disk-room.ts'
import type { DoctorCheck } from '../doctor-check.ts'

const MEBIBYTE = 1024 ** 2

export const disk: DoctorCheck = {
  what: 'disk',
  look: async ({ data }) => {
    const what = `disk of ${data}`
    try {
      const { bavail, blocks, bsize } = await statfs(data)
      const [free, all] = [bavail * bsize, blocks * bsize]
      const said = `${Math.floor(free / MEBIBYTE)} of ${Math.floor(all / MEBIBYTE)} MiB are free`
      return isNearlyFull(free, all)
        ? [{ what, state: 'missing', said, write: 'df -h; cordon queue: docs/operations.md' }]
        : [{ what, state: 'good', said }]
    } catch (error) {
      return [{ what, state: 'unknown', said: (error as Error).message }]
    }
  },
}
