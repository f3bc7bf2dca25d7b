// Mail programs that are set up need a server to read with, and a domain to be set up for.

import { crossCheck } from './cross-check.ts'

export const clientSetup = crossCheck(
  ['http', 'clientSetup', 'imap', 'pop3', 'domains'],
  function* ({ http, clientSetup, imap, pop3, domains }) {
    if (!http.clientSetup.on) return
    if (!clientSetup.imap && !clientSetup.pop3 && !imap && !pop3)
      yield {
        path: ['http', 'clientSetup', 'on'],
        problem: 'mail programs are set up, and no server is named that they read with',
        advice: 'Write clientSetup.imap or clientSetup.pop3, with the host of that server.',
      }
    if (domains.length === 0)
      yield {
        path: ['http', 'clientSetup', 'on'],
        problem: 'mail programs are set up, and there is no domain of yours',
        advice: 'Write domains.',
      }
  },
)
