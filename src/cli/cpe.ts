// `cordon cpe`: what a provider ships in its customers' modems.

import { createHash } from 'node:crypto'
import { Command, Option } from 'commander'
import { cpeNftables } from '../core/cpe/nftables.ts'
import { cpeFw4, cpeUci } from '../core/cpe/openwrt.ts'
import { type CpeSettings, type ProfileName, PROFILES } from '../core/cpe/profile.ts'
import { cpeSwitch } from '../core/cpe/switch-script.ts'

const FORMATS: Readonly<Record<string, (name: ProfileName, settings: CpeSettings) => string>> = {
  'openwrt-uci': cpeUci,
  'openwrt-fw4': cpeFw4,
  nftables: cpeNftables,
}

type CpeOptions = {
  readonly profile: ProfileName
  readonly format: string
  readonly config?: string
  readonly lan: string
  readonly wan: string
  readonly lanPrefix: string
}

export function cpeCommand(): Command {
  const render = new Command('render')
    .description('print a profile for modems: NAT, inbound, worm ports, port 25, UPnP')
    .addOption(
      new Option('--profile <profile>', 'which').choices([...PROFILES]).default('consumer'),
    )
    .addOption(
      new Option('--format <format>', 'in which words')
        .choices(Object.keys(FORMATS))
        .default('openwrt-uci'),
    )
    .option('-c, --config <file>', 'configuration file, for your mail servers (nftables.servers)')
    .option('--lan <device>', 'inside network device', 'br-lan')
    .option('--wan <device>', 'outside network device', 'wan')
    .option('--lan-prefix <prefix>', 'IPv4 network inside', '192.168.1.0/24')
    .action(async (options: CpeOptions) => {
      const { profile, format, lan, wan, lanPrefix: lanPrefix4 } = options
      const servers = options.config === undefined ? [] : await serversOf(options.config)
      process.stdout.write(FORMATS[format]?.(profile, { lan, wan, lanPrefix4, servers }) ?? '')
    })
  const menu = new Command('switch')
    .description(
      'print the script behind the menu entry "expert", which asks for the code on the label',
    )
    .requiredOption(
      '--code <code>',
      'the code on the label of this modem, twelve characters or more',
    )
    .action(({ code }: { code: string }) => {
      const plain = code.replace(/[ -]/g, '').toUpperCase()
      if (plain.length < 12) {
        console.error('cordon: the code is too short: with the hash in hand it could be guessed.')
        process.exitCode = 1
        return
      }
      process.stdout.write(cpeSwitch(createHash('sha256').update(plain).digest('hex')))
    })
  return new Command('cpe').addCommand(render).addCommand(menu)
}

async function serversOf(file: string): Promise<string[]> {
  const { loadConfig } = await import('../config/load.ts')
  return loadConfig(file).nftables.flatMap(one => one.servers)
}
