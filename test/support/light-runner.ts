// Loaded before node:test by what runs tests. To name the test that an error came from which nothing awaits, node:test has itself told of each
// promise that is made and gone (async_hooks): half of what a test without programs computes. Here it is told of all else, timers, sockets and
// tests: such an error of a promise is then one of the file, and as red.

import type { AsyncHook } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'

/** ms that the tests of a file go on after such an error: what waits for that promise waits for ever. */
const PATIENCE = 5000

// Only the module itself can be changed, not what is imported of it.
const hooks = createRequire(import.meta.url)('node:async_hooks') as {
  createHook: (told: object) => AsyncHook
}

// A thread has no tests.
if (isMainThread) {
  const { createHook } = hooks
  hooks.createHook = told => createHook({ ...told, trackPromises: false })
  await import('node:test')
  hooks.createHook = createHook
  const end = (error: unknown) => {
    console.error(error)
    setTimeout(() => process.exit(1), PATIENCE).unref()
  }
  process.once('uncaughtException', end).once('unhandledRejection', end)
}
