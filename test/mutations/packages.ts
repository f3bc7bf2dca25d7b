// The program as it is built and installed.

import type { Mutation } from './mutation.ts'

const BUILT = 'test/e2e/built.test.ts'
const INSTALLED = 'test/e2e/installed.test.ts'

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
  {
    row: 54,
    what: 'a purge deletes mail',
    file: 'tools/package/postrm',
    find: 'rm -rf /etc/cordon\n',
    replace: 'rm -rf /etc/cordon /var/lib/cordon\n',
    test: INSTALLED,
  },
  {
    row: 54,
    what: 'an upgrade stops what runs, and its sockets',
    file: 'tools/package/prerm',
    find: '[ "$1" = remove ] || exit 0\n',
    replace: '',
    test: INSTALLED,
  },
  {
    row: 54,
    what: 'an installation starts what has no configuration',
    file: 'tools/package/postinst',
    find: 'runs=no\n',
    replace: 'runs=no\nsystemctl enable --now cordon.service\n',
    test: INSTALLED,
  },
  {
    row: 54,
    what: 'the configuration may be read by all',
    file: 'tools/package/postinst',
    find: '-m 0750',
    replace: '-m 0755',
    test: INSTALLED,
  },
]
