// What main.cf and master.cf say of the services that take mail in. Pure.

import { entriesIn } from './postfix-restrictions.ts'
import { isAt, QUEUE, type SeenBy } from './postfix-place.ts'
import { type Service, valueIn } from './postfix-settings.ts'

export type Postfix = {
  readonly settings: ReadonlyMap<string, string>
  readonly services: readonly Service[]
}

export type Value = (name: string) => string

export const smtpdsOf = ({ services }: Postfix): readonly Service[] =>
  services.filter(({ program, type }) => program === 'smtpd' && type !== 'unix')

/** Services that take mail in beside SMTP: what local programs hand in, and QMQP. */
export const handedIn = ({ services }: Postfix): readonly Service[] =>
  services.filter(({ program }) => program === 'pickup' || program === 'qmqpd')

export const valueOf = ({ settings }: Postfix, { overrides }: Pick<Service, 'overrides'>): Value =>
  valueIn(settings, overrides)

/** The name of the cleanup that a service hands its mail to, and the cleanup. */
export function cleanupOf(
  postfix: Postfix,
  service: Service,
): { readonly name: string; readonly cleanup: Service | undefined } {
  const name = valueOf(postfix, service)('cleanup_service_name') || 'cleanup'
  return { name, cleanup: postfix.services.find(one => one.name === name) }
}

export const isOfLoopback = ({ name }: Pick<Service, 'name'>): boolean =>
  /^(?:127\.|\[::1\]|localhost)/.test(name)

/** The block lets users log in: what it takes is theirs, and comes from no filter. */
export const isForLogins = ({ overrides }: Service): boolean =>
  overrides.get('smtpd_sasl_auth_enable')?.trim().toLowerCase() === 'yes'

/** How a process of this service comes to a place. */
export function seenBy(postfix: Postfix, service: Service): SeenBy {
  const protocols = entriesIn(valueOf(postfix, service)('inet_protocols').toLowerCase())
  const isAll = protocols.length === 0 || protocols.includes('all')
  return {
    queue: postfix.settings.get('queue_directory') ?? QUEUE,
    isChrooted: isChrooted(postfix, service),
    protocols: isAll ? undefined : protocols,
  }
}

/** `-` is Postfix's default, and that has changed with compatibility level 1. */
function isChrooted({ settings }: Postfix, { chroot }: Service): boolean {
  if (chroot !== '-') return chroot === 'y'
  return Number.parseInt(settings.get('compatibility_level') ?? '0', 10) < 1
}

/** Some mail goes to a filter that gives it back. */
export const hasFilter = (postfix: Postfix): boolean =>
  smtpdsOf(postfix).some(one =>
    ['content_filter', 'smtpd_proxy_filter'].some(filter => valueOf(postfix, one)(filter) !== ''),
  )

/** With smtpd_delay_reject, as it is by default, all of these are asked at RCPT; without it the last two. */
export const AT_RCPT = ['client', 'helo', 'sender', 'relay', 'recipient'] as const

/** Whether a word of a setting names this door. */
export function finder({
  settings,
}: Postfix): (word: string, place: string | undefined) => boolean {
  const queue = settings.get('queue_directory') ?? QUEUE
  return (word, place) => isAt(word, place, queue)
}
