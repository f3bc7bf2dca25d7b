// Another commit of this repository, checked out beside it, so that what is being worked on can be measured against it.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Commit = {
  /** Short hash and first line. */
  readonly name: string
  readonly folder: string
  remove(): void
}

const HERE = join(import.meta.dirname, '..')
/** A clean install takes this long at most. */
const INSTALL = 300_000

/**
 * A worktree of `revision` in a temporary folder; without one, of where this branch left `main`, or of the commit before. With our
 * `node_modules` if it has the same lock file, else with its own. Throws with git's or npm's words.
 */
export function checkOut(revision: string | undefined): Commit {
  const commit = git('rev-parse', '--verify', `${revision ?? branchPoint()}^{commit}`)
  const name = git('log', '-1', '--format=%h %s', commit).slice(0, 60)
  const parent = mkdtempSync(join(tmpdir(), 'cordon-commit-'))
  const folder = join(parent, 'tree')
  const remove = () => {
    spawnSync('git', ['-C', HERE, 'worktree', 'remove', '--force', folder])
    rmSync(parent, { recursive: true, force: true })
    // One that was killed leaves its entry behind.
    spawnSync('git', ['-C', HERE, 'worktree', 'prune'])
  }
  try {
    git('worktree', 'add', '--detach', '--quiet', folder, commit)
    const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8')
    if (lock(folder) === lock(HERE))
      symlinkSync(join(HERE, 'node_modules'), join(folder, 'node_modules'))
    else
      worked(
        'npm ci',
        spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
          cwd: folder,
          encoding: 'utf8',
          timeout: INSTALL,
        }),
      )
  } catch (error) {
    remove()
    throw error
  }
  return { name, folder, remove }
}

/** Where this branch left `main`; on `main` itself, and where there is none, the commit before. */
function branchPoint(): string {
  const base = spawnSync('git', ['-C', HERE, 'merge-base', 'HEAD', 'main'], { encoding: 'utf8' })
  const commit = base.stdout.trim()
  return base.status === 0 && commit !== git('rev-parse', 'HEAD') ? commit : 'HEAD~'
}

const git = (...args: readonly string[]): string =>
  worked(
    `git ${args.join(' ')}`,
    spawnSync('git', ['-C', HERE, ...args], { encoding: 'utf8' }),
  ).trim()

function worked(what: string, ended: SpawnSyncReturns<string>): string {
  if (ended.status !== 0)
    throw new Error(
      `${what}: ${ended.stderr || ended.error?.message || `ended by ${ended.signal}`}`,
    )
  return ended.stdout
}
