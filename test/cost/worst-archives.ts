// The worst archives of each kind: how they grow, what a unit of them may cost, and what is said where they are beyond a limit.

import type { Unlisted } from '../../src/ports/archives.ts'
import * as made from './archive-inputs.ts'

const MIB = 1024 * 1024

type Worst = {
  readonly make: (size: number) => Buffer
  readonly name: string
  /** Sizes are doubled from the first up to the second, within the limits. */
  readonly from: number
  readonly upTo: number
  /** Most steps of ours, and calls and bytes of libarchive's, for one unit of size. */
  readonly perUnit: number
  /** A size beyond a limit, and what is said of it then. */
  readonly beyond?: readonly [number, keyof Unlisted, RegExp]
}

export const WORST: Readonly<Record<string, Worst>> = {
  'a ZIP of empty files': {
    make: made.zipOfEmpty,
    name: 'a.zip',
    from: 250,
    upTo: 2000,
    perUnit: 800,
    beyond: [16_000, 'large-archive', /more than 2000 names/],
  },
  'a ZIP of the longest names': {
    make: made.zipOfLongNames,
    name: 'a.zip',
    from: 4,
    upTo: 16,
    perUnit: 1_200_000,
  },
  'a ZIP of folders': {
    make: made.zipOfFolders,
    name: 'a.zip',
    from: 1250,
    upTo: 5000,
    perUnit: 600,
    beyond: [30_000, 'large-archive', /more than 10000 entries/],
  },
  'a ZIP whose files are all one': {
    make: made.zipOfOne,
    name: 'a.zip',
    from: 250,
    upTo: 1000,
    perUnit: 1600,
    beyond: [16_000, 'large-archive', /more than 2000 names/],
  },
  'a ZIP whose files are what follows them': {
    make: made.zipOfRests,
    name: 'a.zip',
    from: 8,
    upTo: 512,
    perUnit: 2000,
    beyond: [40, 'archive', /./],
  },
  'ZIPs in one another': {
    make: made.zipsInOneAnother,
    name: 'a.zip',
    from: 1,
    upTo: 2,
    perUnit: 5000,
    beyond: [4, 'archive', /more than 3 deep/],
  },
  'a ZIP of ZIPs': {
    make: made.zipOfZips,
    name: 'a.zip',
    from: 25,
    upTo: 100,
    perUnit: 4000,
    beyond: [101, 'large-archive', /too many archives in archives/],
  },
  'a ZIP of messages with ZIPs': {
    make: made.zipOfMessages,
    name: 'a.zip',
    from: 1,
    upTo: 4,
    perUnit: 120_000,
    beyond: [6, 'large-archive', /too many archives in archives/],
  },
  'a ZIP in junk that looks like one': {
    make: made.zipInJunk,
    name: 'a.zip',
    from: 8192,
    upTo: 131_072,
    perUnit: 800,
  },
  'nothing but entries of a directory': {
    make: made.zipOfMarks,
    name: 'a.zip',
    from: 8192,
    upTo: 131_072,
    perUnit: 800,
    beyond: [900_000, 'large-archive', /more than 40000 names/],
  },
  'bombs in a ZIP': {
    make: made.zipBombs,
    name: 'a.zip',
    from: 7,
    upTo: 28,
    perUnit: 8 * MIB,
    beyond: [200, 'archive', /./],
  },
  'bombs whose sums are wrong': {
    make: made.lyingZipBombs,
    name: 'a.zip',
    from: 10,
    upTo: 40,
    perUnit: 8 * MIB,
    beyond: [100, 'archive', /an archive in it could not be read/],
  },
  'texts whose sums are wrong': {
    make: made.lyingTexts,
    name: 'a.zip',
    from: 12,
    upTo: 96,
    perUnit: MIB,
    beyond: [800, 'large-archive', /a file in it was not read/],
  },
  'a tar of empty files': {
    make: made.tarOfEmpty,
    name: 'a.tar',
    from: 250,
    upTo: 2000,
    perUnit: 4000,
    beyond: [4000, 'large-archive', /more than 2000 names/],
  },
  'a packed tar of empty files': {
    make: made.packedTarOfEmpty,
    name: 'a.tgz',
    from: 250,
    upTo: 2000,
    perUnit: 3000,
    beyond: [12_000, 'large-archive', /more than 2000 names/],
  },
  'tars behind tars': {
    make: made.tarsBehindTars,
    name: 'a.tar',
    from: 64,
    upTo: 256,
    perUnit: 100_000,
    beyond: [16, 'large-archive', /more archives stand behind it than are read/],
  },
  'bombs of gzip': {
    make: made.gzipBombs,
    name: 'a.tgz',
    from: 7,
    upTo: 28,
    perUnit: 4 * MIB,
    beyond: [200, 'archive', /unpacks to more than can be looked at/],
  },
  'bombs of bzip2': {
    make: made.bzip2Bombs,
    name: 'a.tbz2',
    from: 64,
    upTo: 256,
    perUnit: 10_000,
    beyond: [2, 'archive', /unpacks to more than can be looked at/],
  },
  'bombs of xz': {
    make: made.xzBombs,
    name: 'a.txz',
    from: 32,
    upTo: 128,
    perUnit: MIB,
    beyond: [128, 'archive', /unpacks to more than can be looked at/],
  },
}
