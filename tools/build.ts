// `npm run build [FOLDER]`: the program as JavaScript in dist/, with the packages that it uses in it. Node strips no types below node_modules, so a
// package needs it; and it starts in half of the CPU time of 1,800 source files. Everything lies in one folder without folders in it, so that
// `new URL('./X.ts', import.meta.url)` finds a thread's file beside whatever chunk the line ended up in, wherever the folder is put.

import { build } from 'esbuild'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { dynamicPackages } from './build/dynamic-packages.ts'
import { licencesOf } from './build/licences.ts'

const ROOT = join(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const ENTRY = join(SRC, 'cli/cordon.ts')
/** A program or thread that is started from its own file: always written like this, so that it can be found. */
const OWN_FILE = /new URL\('(\.[^']+)\.ts', import\.meta\.url\)/g
/** Files that are read while it runs: as the source names them, and their place. Each must be found once. */
const READ: Readonly<Record<string, { readonly written: string; readonly from: string }>> = {
  'libarchive.wasm': {
    written: "new URL('libarchive.wasm', import.meta.resolve('libarchive-wasm'))",
    from: 'node_modules/libarchive-wasm/dist/libarchive.wasm',
  },
  'ulogd.conf': {
    written: "new URL('../../etc/ulogd.conf', import.meta.url)",
    from: 'etc/ulogd.conf',
  },
  'package.json': {
    written: "new URL('../../package.json', import.meta.url)",
    from: 'package.json',
  },
}
/** What Node gives to packages of CommonJS. */
const COMMONJS = [
  "import { createRequire as cordonRequire } from 'node:module'",
  'const require = cordonRequire(import.meta.url)',
  'const { dirname: __dirname, filename: __filename } = import.meta',
].join('; ')

/** How a build is another one than what is shipped. */
export type Otherwise = {
  /** Modules, as paths from the root, each of which becomes a file beside the program, for tests that run or import it. */
  readonly also?: readonly string[]
  /** What is built in place of the source of a module. */
  readonly change?: (path: string, source: string) => string
}

/** Builds into this folder, which is replaced only when all of it is there. */
export async function buildProgram(out: string, otherwise: Otherwise = {}): Promise<void> {
  const made = `${out}.part`
  rmSync(made, { recursive: true, force: true })
  mkdirSync(made, { recursive: true })
  try {
    const packages = await bundle(made, otherwise)
    writeFileSync(join(made, 'THIRD-PARTY-LICENSES'), licencesOf(ROOT, packages))
    copyFileSync(join(ROOT, 'LICENSE'), join(made, 'LICENSE'))
    // Not as copies: some packages have files that may be executed for no reason.
    for (const [name, { from }] of Object.entries(READ))
      writeFileSync(join(made, name), readFileSync(join(ROOT, from)))
    // In place of the whole one.
    writeFileSync(join(made, 'package.json'), packageFile())
    rmSync(out, { recursive: true, force: true })
    renameSync(made, out)
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    throw error
  }
}

/** Makes the JavaScript; resolves with the files that are in it, as paths from the root. */
async function bundle(outdir: string, { also = [], change }: Otherwise): Promise<string[]> {
  const found = new Set<string>()
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY, ...ownFiles(), ...also],
    outdir,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // A trace of the stack names what is in the source. THIRD-PARTY-LICENSES has the licences.
    legalComments: 'none',
    banner: { js: `${COMMONJS};` },
    metafile: true,
    logLevel: 'warning',
    plugins: [
      dynamicPackages(ROOT),
      {
        name: 'own-files',
        setup: work =>
          work.onLoad({ filter: change ? /\.ts$/ : filterOf(byPlace()) }, ({ path }) => {
            const source = readFileSync(path, 'utf8')
            return { contents: beside(change?.(path, source) ?? source, found), loader: 'ts' }
          }),
      },
    ],
  })
  const missing = Object.keys(READ).filter(name => !found.has(name))
  if (missing.length > 0) throw new Error(`not read in the way that is known: ${missing.join()}`)
  return Object.keys(metafile.inputs)
}

const filterOf = (files: readonly string[]): RegExp =>
  new RegExp(`^(?:${files.map(file => RegExp.escape(file)).join('|')})$`)

/** Every file of the source that is a thread or a program of its own. */
export function ownFiles(): string[] {
  const named = byPlace().flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(OWN_FILE)].map(([, path = '']) =>
      resolve(dirname(file), `${path}.ts`),
    ),
  )
  return [...new Set(named)].filter(file => file !== ENTRY).toSorted()
}

/** The files of the source that find something by their own place. */
function byPlace(): string[] {
  return globSync('**/*.ts', { cwd: SRC, exclude: name => name.endsWith('.test.ts') })
    .map(name => join(SRC, name))
    .filter(file => readFileSync(file, 'utf8').includes('import.meta.'))
    .toSorted()
}

/** The source of a file with everything that it finds by its own place beside it. */
function beside(source: string, found: Set<string>): string {
  let text = source.replaceAll(
    OWN_FILE,
    (_, path: string) => `new URL('./${basename(path)}.js', import.meta.url)`,
  )
  for (const [name, { written }] of Object.entries(READ)) {
    if (!text.includes(written)) continue
    found.add(name)
    text = text.replace(written, `new URL('./${name}', import.meta.url)`)
  }
  return text
}

/** What Node and `cordon --version` read of it. */
function packageFile(): string {
  const whole = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly [key: string]: unknown
  }
  const { name, version, description, license, type } = whole
  return `${JSON.stringify({ name, version, description, license, type }, null, 2)}\n`
}

if (import.meta.main) await buildProgram(resolve(process.argv[2] ?? join(ROOT, 'dist')))
