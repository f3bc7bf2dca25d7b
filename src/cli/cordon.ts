// What `cordon` runs: nothing but the signals that come before the command line can be read, and then the command line (program.ts).
// It imports nothing, so that it is there first: reading the modules of `serve` takes a second, many on a busy machine.

// SIGHUP asks to read the configuration again. Before serve.ts takes that over, the configuration has not been read for the first time, so
// there is nothing to do; but without a handler the process would be killed. SIGTERM and SIGINT may: nothing is open yet.
if (process.argv.includes('serve')) process.on('SIGHUP', () => undefined)

const { runProgram } = await import('./program.ts')
await runProgram()
