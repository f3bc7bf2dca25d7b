// `cordon policy suggest`: limits that fit what the own customers do, from the journal, as lines for the configuration.

import { join } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { suggestLimits, type Suggestion, Usage } from '../core/policy/suggest.ts'
import { readJournal } from '../drivers/journal/read-journal.ts'
import { foldAddress } from '../model/mail-address.ts'
import { isCustomers } from '../model/step.ts'
import type { Plan } from '../model/subscriber.ts'
import { sayUnreadable } from './say-unreadable.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy, spanOf } from './shared-options.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

type SuggestOptions = {
  readonly config?: string
  readonly since: string
  readonly data?: string
  readonly json?: boolean
}

export function suggestCommand(): Command {
  return new Command('suggest')
    .description('suggest limits from the journal of your customers')
    .option('-c, --config <file>', `configuration file, for the plans; ${USUAL_CONFIG}`)
    .option('--since <span>', 'how far back, such as 7d', '7d')
    .option('--data <folder>', 'data folder, for its journal; as in the configuration')
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (given: SuggestOptions) => {
        const span = spanOf(given.since)
        const config = loadConfig(given.config ?? usualConfig())
        const plans = new Map<string, Plan>()
        for (const { id, plan, logins } of config.subscribers)
          for (const name of [id, ...logins.map(login => foldAddress(login.name))])
            plans.set(name, plan)
        const folder = join(given.data ?? config.dataFolder, 'journal')
        const found = await suggested(
          folder,
          Date.now() - span,
          sender => plans.get(sender) ?? 'consumer',
        )
        if (given.json) sayJson(Object.fromEntries(found))
        else console.log(shown(found))
      }),
    )
}

async function suggested(
  folder: string,
  since: number,
  planOf: (sender: string) => Plan,
): Promise<ReadonlyMap<Plan, Suggestion>> {
  const usage = new Usage()
  const contained = new Set<string>()
  for await (const event of readJournal(folder, since, { unreadable: sayUnreadable })) {
    if (event.at < since) continue
    if (event.kind === 'decision-made' && event.what !== 'hold' && event.what !== 'watch')
      contained.add(event.subject.slice(event.subject.indexOf(':') + 1))
    if (event.kind !== 'tx-commit') continue
    const sender = event.who.login ?? event.who.subscriber
    if (!isCustomers(event.listener) || !sender) continue
    usage.add(sender, event)
  }
  for (const sender of contained) usage.busiest.delete(sender)
  return suggestLimits(usage.busiest, planOf)
}

function shown(found: ReadonlyMap<Plan, Suggestion>): string {
  if (found.size === 0) return 'No customer sent mail in this time: there is nothing to go by.'
  const lines = [...found].map(([plan, { limits, senders, over }]) => {
    const words = Object.entries(limits).map(([name, value]) => `${name}: ${value}`)
    return `  # ${senders.toLocaleString('en')} senders; ${over.toLocaleString('en')} of them went over it\n  ${plan}: { ${words.join(', ')} }`
  })
  return `limits:\n${lines.join('\n')}`
}
