// `npm run package [FOLDER]`: cordon_VERSION_ARCHITECTURE.deb of the program as it is built, with the Node that runs it. Made by dpkg-deb alone;
// the same source at the same SOURCE_DATE_EPOCH gives the same bytes. DEBFULLNAME and DEBEMAIL say whose package it is, as everywhere in Debian.

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildProgram } from './build.ts'
import { architecture, furnish } from './package/furnish.ts'

const ROOT = join(import.meta.dirname, '..')

export type PackageChoices = {
  /** What `npm run build` has made; without it, it is built for this. */
  readonly built?: string
  /** Another version than that of package.json. */
  readonly version?: string
  /** Not compressed: a test would wait half a minute for that. */
  readonly plain?: boolean
}

/** Path of the package, in this folder. It gets its name when it is whole. */
export async function makePackage(to: string, choices: PackageChoices = {}): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'cordon-package-'))
  try {
    const tree = join(work, 'tree')
    const program = join(tree, 'usr/lib/cordon')
    if (choices.built) cpSync(choices.built, program, { recursive: true })
    else await buildProgram(program)
    const made = epoch()
    const version = `${choices.version ?? versionOf(program)}-1`
    const { DEBFULLNAME = 'Cordon', DEBEMAIL = 'cordon@localhost' } = process.env
    furnish(tree, { version, made, maintainer: `${DEBFULLNAME} <${DEBEMAIL}>` })
    const name = `cordon_${version}_${architecture()}.deb`
    const packed = choices.plain ? '-Znone' : '-Zxz'
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(made) }
    const whole = join(to, name)
    execFileSync('dpkg-deb', ['--root-owner-group', packed, '--build', tree, `${whole}.part`], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    renameSync(`${whole}.part`, whole)
    return whole
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const versionOf = (program: string): string =>
  (JSON.parse(readFileSync(join(program, 'package.json'), 'utf8')) as { readonly version: string })
    .version

/** In seconds: when the source was committed, or unpacked where it has no history, unless SOURCE_DATE_EPOCH says otherwise. */
function epoch(): number {
  const given = process.env.SOURCE_DATE_EPOCH
  if (given) return Number(given)
  const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return Number(stdout) || Math.floor(statSync(join(ROOT, 'package.json')).mtimeMs / 1000)
}

if (import.meta.main) console.log(await makePackage(resolve(process.argv[2] ?? '.')))
