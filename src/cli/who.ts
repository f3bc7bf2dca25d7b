// `cordon who`: the subscriber that had an address at a time, and how sure that is.

import { Command } from 'commander'
import type { WhoAnswer } from '../ports/reading.ts'
import { parseAsked } from './asked-address.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { EXIT } from './failures.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy, timeOf } from './shared-options.ts'
import { when } from './table.ts'

export function whoCommand(): Command {
  return controlOptions(
    new Command('who')
      .argument('<address>', '[REALM/]ADDRESS[:PORT], with brackets around IPv6 before a port')
      .option('--at <time>', 'time, such as 2026-11-20T10:22Z; now without it'),
  ).action(
    sayingWhy(async (text: string, options: ControlOptions & { at?: string }) => {
      const asked = parseAsked(text)
      const at = options.at === undefined ? Date.now() : timeOf('--at', options.at)
      const query = new URLSearchParams({
        ...asked,
        ...(options.at === undefined ? {} : { at: String(at) }),
      })
      const holder = await ask<WhoAnswer>(options, `/who?${query.toString()}`)
      if (options.json) sayJson(holder)
      else console.log(shown(holder, at))
      if (holder.sure !== 'certain') process.exitCode = EXIT.notSo
    }),
  )
}

function shown({ sure, subscriber, lease, doubts = [] }: WhoAnswer, at: number): string {
  if (sure === 'ambiguous')
    return [
      `ambiguous at ${when(at)}: ${doubts.length === 0 ? 'several may have had it (shared without a port, or just changing hands)' : 'whose it is, is in doubt'}. What is noticed there closes no line.`,
      ...doubts.map(
        one =>
          `may be    ${one.subscriber} (${one.prefix}): ${one.why}\nenforced  ${one.enforced.join(', ') || 'nothing'}`,
      ),
    ].join('\n')
  if (sure === 'unknown' || !lease) return `unknown at ${when(at)}: no known customer had it`
  const until = lease.to === undefined ? 'now' : when(lease.to)
  const ports = lease.ports ? ` ports ${lease.ports.join('-')}` : ''
  const session = lease.session
    ? `\nsession   ${lease.session.id} of ${lease.session.user} at ${lease.session.nas}`
    : ''
  return `${subscriber}  certain\nlease     ${lease.prefix}${ports} from ${when(lease.from)} to ${until}${session}`
}
