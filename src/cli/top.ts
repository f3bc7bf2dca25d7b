// `cordon top`: what happens now: sums rising towards their thresholds, decisions, mail. On a terminal a screen, otherwise lines.

import { Command } from 'commander'
import { liveEvents } from './live-events.ts'
import { asIs, plainView, terminalView } from './live-view.ts'
import { dataOption, sayingWhy } from './shared-options.ts'
import { untilTold } from './until-told.ts'

export function topCommand(): Command {
  return dataOption(new Command('top')).action(
    sayingWhy(async (options: { readonly data?: string }) => {
      const over = new AbortController()
      void untilTold().then(() => over.abort())
      const view = process.stdout.isTTY
        ? terminalView(process.stdout, ['Cordon, as it happens (Ctrl-C ends)'], asIs)
        : plainView(line => console.log(line), asIs)
      // For a person who waits; a program reads the lines alone.
      if (!process.stdout.isTTY) console.error('A line for each event; Ctrl-C ends.')
      try {
        for await (const event of liveEvents(options, over.signal))
          if (event.kind === 'journal-gap')
            console.error(`${event.lost} events were not shown: they came too fast`)
          else view.take(event)
      } finally {
        view.close()
      }
    }),
  )
}
