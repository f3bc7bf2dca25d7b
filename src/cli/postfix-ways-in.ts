// Which mail of a Postfix is asked about, by its settings: each way in, what is missing, and the line that is to be written. Pure.
//
// It knows what docs/integrate-postfix.md says, and no more: a table that asks us is not seen.

import { fromQueue } from './postfix-place.ts'
import { anyLine, endLine, OR_POLICY, rcptLine } from './postfix-lines.ts'
import { proxiedWay, XCLIENT } from './postfix-proxied.ts'
import { entriesIn, reaches } from './postfix-restrictions.ts'
import {
  AT_RCPT,
  cleanupOf,
  finder,
  handedIn,
  hasFilter,
  isForLogins,
  isOfLoopback,
  type Postfix,
  smtpdsOf,
  type Value,
  valueOf,
} from './postfix-services.ts'
import type { Service } from './postfix-settings.ts'
import type { Places, Way } from './postfix-way.ts'
import { WAY_CHECKS } from './postfix-way-checks.ts'

export function waysIn(postfix: Postfix, here: Places): readonly Way[] {
  const places = placesFromQueue(postfix, here)
  const mail = smtpdsOf(postfix)
  const usesPolicy = mail.some(one => byPolicy(postfix, one, places).some(Boolean))
  const ways = mail.map(one => wayOf(postfix, one, { places, usesPolicy }))
  return [...ways, ...handedIn(postfix).map(one => pickupOf(postfix, one, places))]
}

/** As every service finds them, where that can be. */
function placesFromQueue({ settings }: Postfix, here: Places): Places {
  const queue = settings.get('queue_directory')
  const { policy, milter } = here
  const places = {
    policy: policy && fromQueue(policy, queue),
    milter: milter && fromQueue(milter, queue),
  }
  return { ...here, ...places }
}

type AskedAbout = { readonly places: Places; readonly usesPolicy: boolean }

function wayOf(postfix: Postfix, service: Service, { places, usesPolicy }: AskedAbout): Way {
  const value = valueOf(postfix, service)
  const { isListed, byMilter, atRcpt, atEnd, asked } = asksIn(postfix, service, places)
  const proxied = proxiedWay({
    service,
    filter: value('smtpd_proxy_filter'),
    isAsked: asked.length > 0,
    behind: behindFilter(postfix, places).find(one => one !== service),
  })
  if (proxied && asked.length === 0) return { service: service.name, asked, ...proxied }
  const missing: Way['missing'][number][] = [...(proxied?.missing ?? [])]
  const miss = (what: string, write: string) => missing.push({ what, write })
  if (asked.length === 0 && isReturn(postfix, service))
    return { service: service.name, asked, missing, notes: [RETURN] }
  const { policy = '' } = places
  if (usesPolicy && !isListed) {
    if (!atRcpt) miss(NOT_AT_RCPT, rcptLine(service, policy))
    if (!atEnd) miss(NOT_AT_END, endLine(service, policy))
  } else if (!isListed) miss('it is not asked about', anyLine(service, places))
  if (isListed) for (const one of milterless(service, value)) missing.push(one)
  if (isLeftOut(postfix, service, places)) missing.push(UNDER_STRESS)
  if (byMilter && (atRcpt || atEnd))
    miss(
      'it is asked about by the milter and by the policy service: mail counts twice',
      'take one of them out',
    )
  const hasBoth = places.policy !== undefined && places.milter !== undefined
  const alone = asked.length === 0 && !isListed && !usesPolicy && hasBoth ? OR_POLICY : []
  const found = WAY_CHECKS.map(check => check({ postfix, service, value, places, asked }))
  const notes = [...found.flatMap(one => one.notes ?? []), ...alone]
  missing.push(...found.flatMap(one => one.missing ?? []))
  return { service: service.name, asked, missing, notes }
}

/** How an smtpd asks us. */
function asksIn(postfix: Postfix, service: Service, places: Places) {
  const value = valueOf(postfix, service)
  const isOurs = finder(postfix)
  const isListed = entriesIn(value('smtpd_milters')).some(word => isOurs(word, places.milter))
  const byMilter = isListed && !takesMiltersOut(value)
  const [atRcpt, atEnd] = byPolicy(postfix, service, places)
  const asked = [...(byMilter ? ['milter'] : []), ...(atRcpt || atEnd ? ['policy service'] : [])]
  return { isListed, byMilter, atRcpt, atEnd, asked }
}

/** They ask us of what a filter before the queue hands on, and can be told by it whose mail it is. */
const behindFilter = (postfix: Postfix, places: Places): readonly Service[] =>
  smtpdsOf(postfix).filter(
    one =>
      isOfLoopback(one) &&
      valueOf(postfix, one)('smtpd_proxy_filter') === '' &&
      valueOf(postfix, one)(XCLIENT) !== '' &&
      asksIn(postfix, one, places).asked.length > 0,
  )

/** Postfix sets `stress` while all of its smtpd are busy, as a botnet keeps them. */
function isLeftOut(postfix: Postfix, service: Service, places: Places): boolean {
  const overrides = new Map([...service.overrides, ['stress', 'yes']])
  const usual = asksIn(postfix, service, places)
  const then = asksIn(postfix, { ...service, overrides }, places)
  return (['isListed', 'byMilter', 'atRcpt', 'atEnd'] as const).some(
    one => usual[one] && !then[one],
  )
}
const UNDER_STRESS = {
  what: 'under stress it is not asked about: its list names ${stress…}',
  write: 'name Cordon in that list in any case, outside of ${stress…}',
}

const NOT_AT_RCPT = 'RCPT is not asked about'
const NOT_AT_END = 'END-OF-MESSAGE is not asked about: nothing is counted'

const takesMiltersOut = (value: Value): boolean =>
  entriesIn(value('receive_override_options')).includes('no_milters')

/** What keeps a milter that is listed from being asked, about all of this mail or about some. */
function milterless({ name, overrides }: Service, value: Value): readonly Way['missing'][number][] {
  const of = (setting: string) => (overrides.has(setting) ? `master.cf, ${name}` : 'main.cf')
  const missing: Way['missing'][number][] = []
  const options = 'receive_override_options'
  if (takesMiltersOut(value))
    missing.push({
      what: `it is not asked about: ${options} has no_milters`,
      write: `${of(options)}: take no_milters out of ${options}`,
    })
  // A milter of version 6 names the macros that it wants; to an older one the list of main.cf is all.
  const macros = 'milter_mail_macros'
  const isOld = !['', '6'].includes(value('milter_protocol').trim())
  if (isOld && value(macros) !== '' && !/\{?auth_authen\}?/.test(value(macros)))
    missing.push({
      what: `${macros} has no {auth_authen}, and milter_protocol is not 6: every login is a stranger, without limits and without evidence`,
      write: `${of('milter_protocol')}: milter_protocol = 6; and {auth_authen} in ${macros}`,
    })
  const maps = 'smtpd_milter_maps'
  if (value(maps) !== '')
    missing.push({
      what: `${maps} names other milters, or none, for some clients: these may not be asked about`,
      write: `${of(maps)}: take ${maps} out`,
    })
  return missing
}

/** Without smtpd_delay_reject. */
const AT_RCPT_ALWAYS = ['relay', 'recipient'] as const

/** At RCPT, and at the end. */
function byPolicy(postfix: Postfix, service: Service, { policy }: Places): readonly boolean[] {
  const value = valueOf(postfix, service)
  const isOurs = finder(postfix)
  const asks = (list: string) =>
    reaches(value(`smtpd_${list}_restrictions`), { isOurs: word => isOurs(word, policy), value })
  const isDelayed = value('smtpd_delay_reject').trim().toLowerCase() !== 'no'
  const atRcpt = isDelayed ? AT_RCPT : AT_RCPT_ALWAYS
  return [atRcpt.some(asks), asks('end_of_data')]
}

/** Mail that a content filter gives back was asked about before. Without one a local program sends there. */
const isReturn = (postfix: Postfix, service: Service): boolean =>
  isOfLoopback(service) && !isForLogins(service) && hasFilter(postfix)
const RETURN = 'not asked about, as mail that a content filter gives back should be'

/** What local programs hand in by `sendmail`, or others by QMQP. */
function pickupOf(postfix: Postfix, service: Service, { milter, policy }: Places): Way {
  const value = valueOf(postfix, service)
  const isOurs = finder(postfix)
  const names = (setting: string) => entriesIn(value(setting)).some(word => isOurs(word, milter))
  const isListed = names('non_smtpd_milters')
  const usesMilter = isListed || names('smtpd_milters') || (milter !== undefined && !policy)
  const said =
    service.program === 'qmqpd'
      ? 'what comes in by QMQP'
      : 'what local programs hand in by sendmail'
  const missing: Way['missing'][number][] = []
  if (usesMilter && !isListed)
    missing.push({
      what: `${said} is not asked about`,
      write: 'main.cf: non_smtpd_milters = $smtpd_milters',
    })
  if (isListed && takesMiltersOut(value)) missing.push(...milterless(service, value).slice(0, 1))
  // The milter is asked by the cleanup that it hands its mail to.
  const { name: handedTo, cleanup } = cleanupOf(postfix, service)
  const written = cleanup?.overrides.get('non_smtpd_milters')
  const isTakenOut =
    cleanup !== undefined &&
    written !== undefined &&
    !entriesIn(valueOf(postfix, cleanup)('non_smtpd_milters')).some(word => isOurs(word, milter))
  if (isListed && isTakenOut)
    missing.push({
      what: `${said} is not asked about`,
      write: `master.cf, ${handedTo}: take -o non_smtpd_milters out`,
    })
  const asked = isListed && !isTakenOut && !takesMiltersOut(value) ? ['milter'] : []
  const notes = usesMilter ? [] : [`${said} is asked about by a milter only`]
  return { service: service.name, asked, missing, notes }
}
