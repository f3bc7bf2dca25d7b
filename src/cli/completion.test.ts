import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { choicesOf } from './completion.ts'
import { program } from './program.ts'

const CLI = join(import.meta.dirname, 'cordon.ts')

const scriptFor = (shell: string) =>
  execFileSync(process.execPath, [CLI, 'completion', shell], { encoding: 'utf8' })

/** What bash offers for the last of these words. */
function offered(script: string, words: readonly string[]): string[] {
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cordon; printf '%s\\n' "\${COMPREPLY[@]}"`
  const said = execFileSync('bash', ['-c', `${script}\n${ask}`, 'bash', ...words], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  })
  return said.trim().split('\n')
}

test('bash completes commands, their subcommands and their options, wherever options stand in between', () => {
  const script = scriptFor('bash')
  assert.deepEqual(offered(script, ['cordon', 'incid']), ['incident'])
  assert.deepEqual(offered(script, ['cordon', 'queue', '--json', 'rel']), ['release'])
  assert.deepEqual(offered(script, ['cordon', 'incident', 'release', '--send']), ['--send-held'])
})

test('where no word of ours fits, bash completes names of files', () => {
  const [first] = offered(scriptFor('bash'), ['cordon', 'serve', '--config', 'completion.te'])
  assert.equal(first, 'completion.test.ts')
})

test('every command and option is in the script of each shell', async () => {
  const all = choicesOf(await program()).flatMap(one => one.words.map(({ word }) => word))
  assert.ok(all.length > 200)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = scriptFor(shell)
    for (const word of new Set(all))
      assert.ok(
        script.includes(shell === 'fish' ? word.replace(/^--/, '') : word),
        `${shell}: ${word}`,
      )
  }
})
