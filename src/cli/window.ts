// `cordon window`: what of a line or login waits, and what its owner or staff say of it.

import { Command } from 'commander'
import type { EpisodeView } from '../model/episode.ts'
import { foldAddress } from '../model/mail-address.ts'
import { WORDS_OF_OWNERS, type WordOfOwner } from '../model/owner-word.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { waitingWords } from './episode-words.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, hoursOf, numberOf, sayingWhy, sayOutcome } from './shared-options.ts'

type PeopleOptions = ControlOptions & { readonly people: string; readonly hours?: string }

const WHO = 'line:CUSTOMER or login:NAME, or a customer number or mail account'
const PEOPLE = 'how many people that are new to the sender'

export function windowCommand(): Command {
  const show = controlOptions(
    new Command('show')
      .description('what waits of a line or login, and until when (the default command)')
      .argument('<who>', WHO),
  ).action(
    sayingWhy(async (who: string, options: ControlOptions) => {
      const subject = subjectOf(who)
      const path = `/evidence/${encodeURIComponent(subject)}`
      const { episodes } = await ask<{ episodes?: EpisodeView | { failed: string } }>(options, path)
      if (episodes && 'failed' in episodes)
        throw new Error(`the window of ${subject} cannot be read (${episodes.failed})`)
      if (options.json) return sayJson({ subject, waits: episodes?.waits ?? [] })
      const lines = episodes ? waitingWords(episodes) : []
      console.log(lines.length > 0 ? lines.join('\n') : `Nothing of ${subject} waits.`)
    }),
  )
  const open = controlOptions(
    new Command('open')
      .description(
        'let mail of a line or login to so many people leave without waiting, for a time',
      )
      .argument('<who>', WHO)
      .requiredOption('--people <n>', PEOPLE)
      .requiredOption('--hours <n>', 'for how long: hours, such as 48, or 2d; at most 7d')
      .requiredOption('--why <text>', 'the reason, for the audit'),
  ).action(
    sayingWhy(async (who: string, options: PeopleOptions & { why: string }) => {
      const { why } = options
      const told = { subject: subjectOf(who), recipients: peopleOf(options), why }
      const hours = wholeHours(options.hours ?? '')
      sayOutcome(options, await order(options, { kind: 'open-window', ...told, hours }))
    }),
  )
  const announce = controlOptions(
    new Command('announce')
      .description('announce a mailing that a customer has called about, so that it does not wait')
      .argument('<who>', WHO)
      .requiredOption('--people <n>', PEOPLE)
      .option('--hours <n>', 'within how many hours; 24, and at most, without it'),
  ).action(
    sayingWhy(async (who: string, options: PeopleOptions) => {
      const told = { subject: subjectOf(who), recipients: peopleOf(options) }
      const hours = options.hours === undefined ? {} : { hours: wholeHours(options.hours) }
      sayOutcome(options, await order(options, { kind: 'announce-mailing', ...told, ...hours }))
    }),
  )
  const answer = controlOptions(
    new Command('answer')
      .description('what an owner who has called says of mail that waits')
      .argument('<who>', WHO)
      .argument('<answer>', WORDS_OF_OWNERS.join(', ')),
  ).action(
    sayingWhy(async (who: string, said: WordOfOwner, options: ControlOptions) => {
      const told = { subject: subjectOf(who), answer: said }
      sayOutcome(options, await order(options, { kind: 'answer-question', ...told }))
    }),
  )
  return new Command('window')
    .addCommand(show, { isDefault: true })
    .addCommand(open)
    .addCommand(announce)
    .addCommand(answer)
}

const subjectOf = (who: string): string => {
  if (/^(?:line|login):/.test(who)) return who
  return who.includes('@') ? `login:${foldAddress(who)}` : `line:${who}`
}

const peopleOf = ({ people }: PeopleOptions): number => numberOf('--people', people)

/** What is begun is whole. */
const wholeHours = (text: string): number => Math.ceil(hoursOf(text))
