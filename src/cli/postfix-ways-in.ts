// Which mail of a Postfix is asked about, by its settings: each way in, what is missing, and the line that is to be written. Pure.
//
// It knows what docs/integrate-postfix.md says, and no more: a restriction class or a table that asks us is not seen.

import { expanded, type Service } from './postfix-settings.ts'

export type Postfix = {
  readonly settings: ReadonlyMap<string, string>
  readonly services: readonly Service[]
}

/** Where Cordon listens, as Postfix writes it: `inet:127.0.0.1:10031`. */
export type Places = { readonly policy: string; readonly milter: string }

export type Way = {
  readonly service: string
  /** How Postfix asks about this mail: `milter`, `policy service`. Empty: not at all. */
  readonly asked: readonly string[]
  /** What is wrong, each with the line that mends it. */
  readonly missing: readonly { readonly what: string; readonly write: string }[]
  /** What an operator should know, and need not change. */
  readonly notes: readonly string[]
}

export function waysIn(postfix: Postfix, places: Places): readonly Way[] {
  const mail = postfix.services.filter(
    ({ program, type }) => program === 'smtpd' && type !== 'unix',
  )
  const usesPolicy = mail.some(one => byPolicy(postfix, one, places).some(Boolean))
  const ways = mail.map(one => wayOf(postfix, one, { places, usesPolicy }))
  const pickup = postfix.services.find(({ program }) => program === 'pickup')
  return pickup ? [...ways, pickupOf(postfix, pickup, places)] : ways
}

type AskedAbout = { readonly places: Places; readonly usesPolicy: boolean }

function wayOf(postfix: Postfix, service: Service, { places, usesPolicy }: AskedAbout): Way {
  const value = valueOf(postfix, service)
  const milters = entriesIn(value('smtpd_milters'))
  const byMilter = milters.includes(places.milter)
  const [atRcpt, atEnd] = byPolicy(postfix, service, places)
  const asked = [...(byMilter ? ['milter'] : []), ...(atRcpt || atEnd ? ['policy service'] : [])]
  const missing: Way['missing'][number][] = []
  const miss = (what: string, write: string) => missing.push({ what, write })
  if (service.overrides.get('smtpd_milters') === '' && !atEnd && isReturn(service))
    return { service: service.name, asked, missing, notes: [RETURN] }
  if (usesPolicy && !byMilter) {
    if (!atRcpt) miss('RCPT is not asked about', rcptLine(service, places))
    if (!atEnd)
      miss('END-OF-MESSAGE is not asked about: nothing is counted', endLine(service, places))
  } else if (!byMilter) miss('it is not asked about', milterLine(service, places))
  if (byMilter && (atRcpt || atEnd))
    miss(
      'it is asked about by the milter and by the policy service: mail counts twice',
      'take one of them out',
    )
  return { service: service.name, asked, missing, notes: notesOf(milters, places) }
}

/** At RCPT, and at the end. */
function byPolicy(postfix: Postfix, service: Service, { policy }: Places): readonly boolean[] {
  const value = valueOf(postfix, service)
  const lists = ['client', 'helo', 'sender', 'relay', 'recipient']
  // With smtpd_delay_reject, as it is by default, all of these are asked at RCPT.
  const atRcpt = lists.some(list => reaches(value(`smtpd_${list}_restrictions`), policy))
  return [atRcpt, reaches(value('smtpd_end_of_data_restrictions'), policy)]
}

/** Postfix does not ask for all clients what stands behind a permit, or a bare reject. */
const ENDS = ['permit', 'permit_sasl_authenticated', 'permit_mynetworks', 'reject', 'defer']

function reaches(list: string, place: string): boolean {
  const words = entriesIn(list)
  const at = words.findIndex((word, i) => word === 'check_policy_service' && words[i + 1] === place)
  return at >= 0 && !words.slice(0, at).some(word => ENDS.includes(word))
}

const entriesIn = (list: string): readonly string[] =>
  list.split(/[\s,{}]+/).filter(word => word !== '')

function valueOf({ settings }: Postfix, { overrides }: Service): (name: string) => string {
  const known = (name: string): string => overrides.get(name) ?? settings.get(name) ?? ''
  return name => expanded(known(name), known)
}

/** Mail that a content filter gives back was asked about before. */
const isReturn = ({ name }: Service): boolean => /^(?:127\.|\[::1\]|localhost)/.test(name)
const RETURN = 'not asked about, as mail that a content filter gives back should be'

function notesOf(milters: readonly string[], { milter }: Places): readonly string[] {
  const at = milters.indexOf(milter)
  const before = milters.slice(0, Math.max(0, at)).filter(one => /^(?:inet|unix|local):/.test(one))
  return before.length === 0
    ? []
    : [
        `${before.join(', ')} sees mail first: results that it writes in the name of this server are taken out; give it an AuthservID of its own`,
      ]
}

const rcptLine = ({ name, overrides }: Service, { policy }: Places): string =>
  overrides.has('smtpd_recipient_restrictions')
    ? `master.cf, ${name}: -o smtpd_recipient_restrictions=check_policy_service,${policy},permit_sasl_authenticated,reject`
    : `main.cf: smtpd_recipient_restrictions = check_policy_service ${policy}, … (first of all)`

const endLine = ({ name, overrides }: Service, { policy }: Places): string =>
  overrides.has('smtpd_end_of_data_restrictions')
    ? `master.cf, ${name}: -o smtpd_end_of_data_restrictions=check_policy_service,${policy}`
    : `main.cf: smtpd_end_of_data_restrictions = check_policy_service ${policy}`

const milterLine = ({ name, overrides }: Service, { milter }: Places): string =>
  overrides.has('smtpd_milters')
    ? `master.cf, ${name}: take out -o smtpd_milters=…, or add ${milter} to it`
    : `main.cf: smtpd_milters = ${milter}`

/** What local programs hand in by `sendmail`. */
function pickupOf(postfix: Postfix, service: Service, { milter }: Places): Way {
  const value = valueOf(postfix, service)
  const asked = entriesIn(value('non_smtpd_milters')).includes(milter) ? ['milter'] : []
  const usesMilter = entriesIn(postfix.settings.get('smtpd_milters') ?? '').includes(milter)
  const write = 'main.cf: non_smtpd_milters = $smtpd_milters'
  const missing =
    usesMilter && asked.length === 0
      ? [{ what: 'what local programs hand in by sendmail is not asked about', write }]
      : []
  const notes = usesMilter
    ? []
    : ['what local programs hand in by sendmail is asked about by a milter only']
  return { service: service.name, asked, missing, notes }
}
