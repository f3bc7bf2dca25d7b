// A package of CommonJS that is imported when it is needed has the names that Node finds in it. A bundle gives only `default` for it.

import type { Plugin } from 'esbuild'

const NAMES = 'names-of-a-package'

export const dynamicPackages = (root: string): Plugin => ({
  name: NAMES,
  setup(work) {
    work.onResolve({ filter: /^[^.]/ }, ({ kind, path, importer }) =>
      kind === 'dynamic-import' && !path.startsWith('node:') && !/node_modules/.test(importer)
        ? { path, namespace: NAMES }
        : undefined,
    )
    work.onLoad({ filter: /^/, namespace: NAMES }, async ({ path }) => {
      const given = Object.keys((await import(path)) as object)
      const names = given.filter(name => !/^(?:default|module\.exports|__esModule)$/.test(name))
      const all = `const all = require(${JSON.stringify(path)})\nexport default all\n`
      return { contents: `${all}export const { ${names.join(', ')} } = all\n`, resolveDir: root }
    })
  },
})
