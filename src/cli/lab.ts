// `cordon lab`: a whole small provider in network namespaces on this machine, and a story played in it. For root.

import { Command } from 'commander'
import { missing, startLab } from '../lab/lab.ts'
import { type Line, playStory } from '../lab/story.ts'

const MAP = `
 anna    a person ──────── modem ─┐
 bert    a person ──────── modem ─┤                          ┌─ mx.meadow.example  203.0.113.201
 bot-1   infected ──────── modem ─┤   the provider's router  ├─ a second server    203.0.113.202
 bot-2   infected ──────── modem ─┼── nftables · Cordon ─────┼─ twelve more that a bot knocks at
 expert  a mail server ─── modem ─┤   resolver · a decoy     └─ the far end of a VPN
 vpn     a VPN ─────────── modem ─┘
         198.51.100.0/24, 2001:db8:100::/40         all of it in network namespaces of its own
`

/** The last one: the terminal was closed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function labCommand(): Command {
  return new Command('lab')
    .option('-q, --quiet', 'print only the result')
    .option('--untimed', 'report how long each step takes, and do not judge it; for a busy machine')
    .action(async ({ quiet, untimed }: { quiet?: true; untimed?: true }) => {
      if (process.getuid?.() !== 0) return fail('The lab makes network namespaces: run it as root.')
      const packages = missing()
      if (packages.length > 0)
        return fail(`The lab needs more: apt-get install ${packages.join(' ')}`)
      // The reader of our output may go away ("| head"); the lab is played to its end and taken down.
      for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined)
      const say = (text: string) => {
        if (!quiet) console.log(text)
      }
      say(MAP)
      say('building …')
      let takeDown = () => {}
      const end = (_: NodeJS.Signals, signal: number) => {
        takeDown()
        console.error('cordon: interrupted; everything is taken down')
        process.exit(128 + signal)
      }
      for (const signal of ENDING) process.once(signal, end)
      const lines: Line[] = []
      try {
        const lab = await startLab(stop => (takeDown = stop))
        const told = (line: Line) => {
          lines.push(line)
          say(`${line.held ? 'held  ' : 'BROKEN'}  ${line.what}\n          ${line.saw}`)
        }
        await playStory(lab, told, { timed: untimed !== true })
      } catch (error) {
        console.error(`cordon: ${(error as Error).message}`)
        process.exitCode = 1
      } finally {
        takeDown()
      }
      const broken = lines.filter(line => !line.held)
      if (broken.length > 0) process.exitCode = 1
      console.log(
        broken.length === 0 && process.exitCode !== 1
          ? `All ${lines.length} lines held.`
          : `${broken.length} of ${lines.length} lines did not hold.`,
      )
      for (const signal of ENDING) process.removeListener(signal, end)
      return undefined
    })
}

function fail(words: string): void {
  console.error(`cordon: ${words}`)
  process.exitCode = 1
}
