// The program as it is built and installed.

import type { Mutation } from './mutation.ts'

const BUILT = 'test/e2e/built.test.ts'

export const PACKAGES: readonly Mutation[] = [
  {
    row: 54,
    what: 'packages of CommonJS find no folder of their own in the bundle',
    file: 'tools/build.ts',
    find: "  'const { dirname: __dirname, filename: __filename } = import.meta',\n",
    replace: '',
    test: BUILT,
    name: 'it takes mail, and every kind of thread runs from it',
  },
  {
    row: 54,
    what: 'the licences of packages do not come with their code',
    file: 'tools/build/licences.ts',
    find: '[head, ...texts]',
    replace: '[head]',
    test: BUILT,
    name: 'the same source gives the same bytes, without tests, and with the licence of every package',
  },
]
