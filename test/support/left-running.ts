// Loaded before a file of tests by what runs them (tools/run-files.ts, tools/prove): what a failed test, or a `before` that failed half-way,
// has left running does not outlive it. Programs and threads that still run a while after the last test are ended, with their names, and so
// are programs when the process ends by force. A net, not a way to end things: a test owns what it opens (test/support/owned.ts).

import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, readFileSync } from 'node:fs'
import { isMainThread, type Worker } from 'node:worker_threads'

/** ms after the last test: its programs have ended in good order, or nobody ends them. The timer itself keeps nothing alive. */
const PATIENCE = 30_000

const programs = new Set<ChildProcess>()
const threads = new Set<Worker>()

// A thread loads this, too, with all that its process was given. Tests that begin there would never end (--test-force-exit), and fill the memory.
if (isMainThread) await watch()

async function watch(): Promise<void> {
  subscribe('child_process', message => {
    const { process: program } = message as { process: ChildProcess }
    programs.add(program)
    program.once('exit', () => void programs.delete(program))
  })
  process.on('worker', (worker: Worker) => {
    threads.add(worker)
    worker.once('exit', () => void threads.delete(worker))
  })
  process.once('exit', () => {
    for (const program of programs) program.kill('SIGKILL')
    tellCpu()
  })
  const { after } = await import('node:test')
  after(() => void setTimeout(endAll, PATIENCE).unref())
}

/** A line for what runs the files: the seconds that this file and the programs it waited for have computed. Without /proc, nothing. */
function tellCpu(): void {
  const to = process.env['CORDON_TEST_CPU']
  if (to === undefined) return
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
    // utime, stime, cutime and cstime, in hundredths (proc_pid_stat(5)).
    const hundredths = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    appendFileSync(to, `${process.argv[1]} ${hundredths / 100}\n`)
  } catch {
    // It is for people to read, and no test.
  }
}

function endAll(): void {
  for (const program of programs) {
    console.error(`left running: ${program.spawnargs.join(' ')}`)
    program.kill('SIGKILL')
    // Others may hold their ends of them.
    for (const pipe of program.stdio) pipe?.destroy()
  }
  for (const thread of threads) {
    console.error(`left running: thread ${thread.threadId}`)
    void thread.terminate()
  }
}
