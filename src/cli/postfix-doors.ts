// Whether the doors that Postfix's settings name answer: each is asked once, where Postfix asks it.

import { asked, type Answered, type Protocol } from './postfix-asks.ts'
import { type Place, placesIn, QUEUE } from './postfix-place.ts'
import { namedPlaces, type Places, type Postfix, type Way } from './postfix-ways-in.ts'

/** What Postfix does with mail while the door is away: the setting, and its default. */
const AWAY: Readonly<Record<Protocol, readonly [setting: string, otherwise: string]>> = {
  milter: ['milter_default_action', 'tempfail'],
  'policy service': [
    'smtpd_policy_service_default_action',
    '451 4.3.5 Server configuration problem',
  ],
}

type Ask = (protocol: Protocol, places: readonly Place[]) => Promise<Answered>

/** As entries of the list of ways in. */
export const doorsOf = (
  postfix: Postfix,
  places: Places,
  ask: Ask = asked,
): Promise<readonly Way[]> =>
  Promise.all(
    namedPlaces(postfix, places).map(async ({ protocol, written }) => {
      const queue = postfix.settings.get('queue_directory') ?? QUEUE
      const answer = await ask(protocol, placesIn(written, queue))
      return wayOf(postfix, { protocol, written }, answer)
    }),
  )

function wayOf(
  { settings }: Postfix,
  { protocol, written }: { readonly protocol: Protocol; readonly written: string },
  answer: Answered,
): Way {
  const service = `${protocol} at ${written}`
  if ('said' in answer) {
    const notes = [`it says: ${answer.said}`]
    return { service, asked: [protocol], missing: [], notes, state: 'answers' }
  }
  const [setting, otherwise] = AWAY[protocol]
  const what = `Cordon does not answer there (${answer.silent}): with mail Postfix does what ${setting} says (${settings.get(setting) ?? otherwise})`
  const write = 'systemctl status cordon; and see address, port, socket and clients in cordon.yaml'
  return { service, asked: [], missing: [{ what, write }], notes: [], state: 'does not answer' }
}
