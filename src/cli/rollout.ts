// `cordon rollout`: closing port 25 for a network that has it open, in parts, after the customers concerned were told.

import { Command } from 'commander'
import type { RolloutReport } from '../ports/reading.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { whole } from './in-json.ts'
import { sayList } from './list-pages.ts'
import { controlOptions, DRY_RUN, sayingWhy, sayOutcome } from './shared-options.ts'
import { table } from './table.ts'

export function rolloutCommand(): Command {
  const plan = controlOptions(
    new Command('plan')
      .description(
        'list users of port 25, what they use it for, and on how many days it was observed (the default command)',
      )
      .argument('[part]', 'name of the part; all without it'),
  ).action(
    sayingWhy(async (part: string | undefined, options: ControlOptions) => {
      const all = await ask<RolloutReport[]>(options, '/rollouts')
      const mine = all.filter(one => part === undefined || one.part.name === part)
      if (mine.length === 0) throw new Error('there is no such part; write it into rollout.parts.')
      sayList(options, whole(mine), rows => rows.map(shown).join('\n\n'))
    }),
  )
  const simple = (name: 'announce' | 'rollback', about: string) =>
    controlOptions(
      new Command(name)
        .description(about)
        .argument('<part>', 'name of the part')
        .option('--dry-run', DRY_RUN),
    ).action(
      sayingWhy(async (part: string, options: ControlOptions & { dryRun?: true }) => {
        const { dryRun } = options
        const given = { kind: `${name}-rollout`, part, ...(dryRun ? { dryRun } : {}) } as const
        sayOutcome(options, await order(options, given))
      }),
    )
  const start = controlOptions(
    new Command('start')
      .description('close port 25 in a part, at its date')
      .argument('<part>', 'name of the part')
      .option('--despite <why>', 'override the conditions; the reason is audited')
      .option('--dry-run', DRY_RUN),
  ).action(
    sayingWhy(
      async (part: string, options: ControlOptions & { despite?: string; dryRun?: true }) => {
        const { despite, dryRun } = options
        sayOutcome(
          options,
          await order(options, {
            kind: 'start-rollout',
            part,
            ...(despite ? { despite } : {}),
            ...(dryRun ? { dryRun } : {}),
          }),
        )
      },
    ),
  )
  return new Command('rollout')
    .addCommand(plan, { isDefault: true })
    .addCommand(simple('announce', 'send a letter to every user of port 25 in a part'))
    .addCommand(start)
    .addCommand(simple('rollback', 'open port 25 in a part again'))
}

function shown({ part, state, days, notYet, users }: RolloutReport): string {
  const date = (at: number | undefined) => new Date(at ?? 0).toISOString().slice(0, 10)
  const stage =
    state.startedAt !== undefined
      ? `closed since ${date(state.startedAt)}`
      : state.announcedAt !== undefined
        ? `announced on ${date(state.announcedAt)}`
        : 'not announced'
  const head = [
    `Part ${part.name}: ${part.prefixes.join(', ')}; date ${date(part.date)}; ${stage}`,
    `seen      ${days} whole days (14 are wanted); ${users.length} customers reach other people's port 25`,
    ...(state.startedAt === undefined
      ? [`missing   ${notYet.join('; ') || 'nothing: it can be closed'}`]
      : []),
  ]
  if (users.length === 0) return head.join('\n')
  const rows = users.map(({ use, kind, told }) => [
    use.id,
    kind,
    told ? 'yes' : 'no',
    `${use.destinations.length}${use.more ? '+' : ''}`,
    use.destinations
      .slice(0, 3)
      .map(one => `${one.address} (${one.days.length} days)`)
      .join(', '),
  ])
  return `${head.join('\n')}\n\n${table(['CUSTOMER', 'FOR WHAT', 'TOLD', 'SERVERS', 'LAST'], rows)}`
}
