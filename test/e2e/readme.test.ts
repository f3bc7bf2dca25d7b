// "Use it" of the README as it is printed: every line runs in an empty folder, in a network of its own, whose ports are all free.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../support/serve.ts'

const HERE = join(import.meta.dirname, '../..')

function linesOf(section: string): readonly string[] {
  const [, text = ''] =
    new RegExp(`^## ${section}\n([^]*?)^## `, 'm').exec(
      readFileSync(join(HERE, 'README.md'), 'utf8'),
    ) ?? []
  return [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n').filter(Boolean),
  )
}

test('the lines of "Use it" work as they are printed', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-readme-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const lines = linesOf('Use it')
  const [first, serves, ...asking] = lines
  assert.equal(first, 'npx cordon setup --trial')
  assert.equal(serves, 'npx cordon serve --config cordon.yaml')
  assert.ok(asking.length >= 5, lines.join('\n'))
  // npx runs the program of the checkout; here it is in its stead.
  writeFileSync(
    join(folder, 'npx'),
    `#!/bin/sh\nshift\nexec ${process.execPath} ${HERE}/src/cli/cordon.ts "$@"\n`,
    { mode: 0o755 },
  )
  const script = `set -e
ip link set lo up
cd ${folder}
PATH=${folder}:$PATH
${first}
${serves} > said 2>&1 &
server=$!
for i in $(seq 300); do grep -q ready said && break; sleep 0.1; done
set +e
${asking.map(line => `${line}; echo "ended $? ${line}"`).join('\n')}
kill $server
wait $server
`
  const { output } = await run('unshare', ['-n', 'sh', '-c', script])
  const ended = [...output.matchAll(/^ended (\d+) (.*)$/gm)].map(([, code, line]) => ({
    code,
    line,
  }))
  assert.deepEqual(
    ended,
    asking.map(line => ({ code: '0', line })),
    output,
  )
})
