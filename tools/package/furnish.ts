// What lies where in the Debian package, beside the program as it was built. The units are those of etc/, with the places of the package.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type AboutPackage, control, COPYRIGHT, debianChangelog } from './about.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIB = '/usr/lib/cordon'
const DOCS = 'usr/share/doc/cordon'

/** Places of a checkout (docs/install.md) in the units -> places of the package. */
const PLACES: readonly (readonly [string, string])[] = [
  ['/opt/cordon/node_modules/.bin/node src/cli/cordon.ts', `${LIB}/node ${LIB}/cordon.js`],
  ['file:/opt/cordon/docs/', `file:/${DOCS}/`],
  ['WorkingDirectory=/opt/cordon', `WorkingDirectory=${LIB}`],
  ['/usr/local/libexec/', '/usr/libexec/'],
]

/** Where each shell looks for completions. */
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/cordon',
  zsh: 'usr/share/zsh/vendor-completions/_cordon',
  fish: 'usr/share/fish/vendor_completions.d/cordon.fish',
} as const

/** Debian's word for this machine. */
export function architecture(): string {
  const word = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
  if (!word) throw new Error(`there is no Node of the lock file for ${process.arch}`)
  return word
}

/** Adds everything to a tree that has the program, DEBIAN included. */
export function furnish(tree: string, about: Omit<AboutPackage, 'size' | 'architecture'>): void {
  const put = (path: string, content: string | Uint8Array, mode = 0o644) => {
    const file = join(tree, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    chmodSync(file, mode)
  }
  const node = join(ROOT, `node_modules/node-linux-${process.arch}`)
  copyFileSync(join(node, 'bin/node'), join(tree, LIB, 'node'))
  put('usr/bin/cordon', readFileSync(join(import.meta.dirname, 'cordon')), 0o755)
  for (const [shell, path] of Object.entries(COMPLETIONS))
    put(path, runProgram(tree, 'completion', shell))
  for (const name of globSync('*.{service,socket}', { cwd: join(ROOT, 'etc') }))
    put(`usr/lib/systemd/system/${name}`, unit(name))
  put('usr/libexec/cordon-releaser', readFileSync(join(ROOT, 'etc/cordon-releaser')), 0o755)
  for (const name of ['cordon.yaml', 'cordon-nftables.conf', 'ulogd.conf'])
    put(`${DOCS}/examples/${name}`, readFileSync(join(ROOT, 'etc', name)))
  cpSync(join(ROOT, 'populations'), join(tree, DOCS, 'examples/populations'), { recursive: true })
  for (const name of globSync('*.{md,png}', { cwd: join(ROOT, 'docs') }))
    put(`${DOCS}/${name}`, readFileSync(join(ROOT, 'docs', name)))
  put(`${DOCS}/copyright`, COPYRIGHT)
  put(`${DOCS}/LICENSE.node.gz`, zipped(readFileSync(join(node, 'LICENSE'))))
  put(`${DOCS}/changelog.gz`, zipped(readFileSync(join(ROOT, 'CHANGELOG.md'))))
  put(`${DOCS}/changelog.Debian.gz`, zipped(Buffer.from(debianChangelog(about))))
  for (const script of ['postinst', 'prerm', 'postrm'])
    put(`DEBIAN/${script}`, readFileSync(join(import.meta.dirname, script)), 0o755)
  const files = filesOf(tree)
  put('DEBIAN/md5sums', files.map(path => `${md5(join(tree, path))}  ${path}\n`).join(''))
  put(
    'DEBIAN/control',
    control({ ...about, architecture: architecture(), size: sizeOf(tree, files) }),
  )
  // Whatever umask it was built with.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree])
}

/** A unit of etc/ with the places of the package. */
function unit(name: string): string {
  const text = PLACES.reduce(
    (words, [from, to]) => words.replaceAll(from, to),
    readFileSync(join(ROOT, 'etc', name), 'utf8'),
  )
  if (/\/opt\/|\/usr\/local\//.test(text)) throw new Error(`${name} has a place of a checkout`)
  return text
}

const runProgram = (tree: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(tree, LIB, 'cordon.js'), ...args])

const zipped = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 })
const md5 = (file: string) => createHash('md5').update(readFileSync(file)).digest('hex')

/** What is installed: paths from the tree, in order. */
const filesOf = (tree: string): string[] =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(tree.length + 1))
    .filter(path => !path.startsWith('DEBIAN/'))
    .toSorted()

/** In KiB, each file rounded up, as dpkg-gencontrol counts. */
const sizeOf = (tree: string, files: readonly string[]): number =>
  files.reduce((sum, path) => sum + Math.ceil(statSync(join(tree, path)).size / 1024), 0)
