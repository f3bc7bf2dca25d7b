// What `cordon` runs: nothing but the signals that come before the command line can be read, and then the command line (program.ts).
// It imports nothing, so that it is there first: reading the modules of `serve` takes a second, many on a busy machine.

// SIGHUP asks to read the configuration again. Before serve.ts takes that over, the configuration has not been read for the first time, so
// there is nothing to do; but without a handler the process would be killed. SIGTERM and SIGINT may: nothing is open yet.
if (process.argv.includes('serve')) process.on('SIGHUP', () => undefined)

// Monitoring and packagers ask for it all the time, and nothing else is needed to say it.
const [first, ...more] = process.argv.slice(2)
if ((first === '--version' || first === '-V') && more.length === 0)
  console.log((await import('../app/version.ts')).version())
else await (await import('./program.ts')).runProgram()
