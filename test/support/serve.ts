// The real program, `cordon serve`, in a process of its own and a temporary folder.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedKeys } from './own-keys-seed.ts'
import { CLI, cliOf, HERE } from './program.ts'

export type Served = {
  readonly folder: string
  /** What it said until it was ready. */
  readonly said: string
  /** Ports of the SMTP listeners, in order. */
  readonly ports: readonly number[]
  readonly pid: number
  /** Where staff look. */
  readonly console: string
  /** Sends it a signal. */
  signal(name: NodeJS.Signals): void
  /** With which code or signal it ended. */
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>
  /** Ends it in good order and waits for that; its folder stays. */
  end(): Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts it with this configuration (YAML without dataFolder and http; FOLDER is its folder), which may be furnished before. */
export async function serve(
  config: string,
  furnish: (folder: string) => Promise<unknown> = async () => undefined,
  options: {
    /** A program and its arguments that runs the server as its own arguments, as itself (`exec`). */
    readonly under?: (folder: string) => readonly string[]
    /** Another tree of the same program, or a folder that one was built into. */
    readonly tree?: string
  } = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-serve-'))
  await furnish(folder)
  // What runs it may make the folder, or mount another one there.
  if (!options.under) await seedKeys(join(folder, 'data'), config)
  const file = join(folder, 'cordon.yaml')
  writeFileSync(
    file,
    `dataFolder: ${join(folder, 'data')}\n${config.includes('\nhttp:') ? '' : 'http: { console: { port: 0 }, portal: { port: 0 } }\n'}log: silent\n${config.replaceAll('FOLDER', folder)}\n`,
  )
  const { server, said } = await startServer(file, options.under?.(folder), options.tree)
  const ports = [...said.matchAll(/^\S+ on \S+ port (\d+)$/gm)].map(match => Number(match[1]))
  const end = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  return {
    folder,
    said,
    ports,
    pid: server.pid ?? 0,
    console: /live view on (\S+)/.exec(said)?.[1] ?? '',
    signal: name => void server.kill(name),
    ended: once(server, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    end,
    stop: async () => {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts it with a configuration file as it stands; resolves when it is ready. */
export async function startServer(
  file: string,
  under: readonly string[] = [],
  tree = HERE,
): Promise<{ readonly server: ChildProcess; readonly said: string }> {
  const [program, ...args] = [...under, process.execPath, cliOf(tree), 'serve', '--config', file]
  const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const chunk of server.stdout) {
    said += String(chunk)
    if (said.includes('ready')) break
  }
  if (!said.includes('ready')) throw new Error(`the server ended before it was ready: ${said}`)
  return { server, said }
}

/** Runs a program to its end; what it printed and how it ended. */
export async function run(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number; output: string }> {
  const child = spawn(program, args)
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stderr.on('data', chunk => (output += chunk))
  // It may end without reading.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, output }
}

export const cordon = (folder: string, ...args: readonly string[]) =>
  command(...args, '--data', join(folder, 'data'))

/** `cordon` with these words. */
export const command = (...args: readonly string[]) => run(process.execPath, [CLI, ...args])

/**
 * Looks again and again until there is something. The bound is there to end a test that is red, not to measure: on a machine
 * with fifteen busy programs and two processors rspamd takes half a minute to start.
 */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`it did not happen within ${seconds} seconds`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
