// Every rule Cordon ships, in the order in which they are evaluated. The first refusal ends a step.

import type { Plan } from '../../model/subscriber.ts'
import { access, type AccessSettings } from './access.ts'
import { attachment, type AttachmentSettings } from './attachment.ts'
import { bounceControl, type BounceControlSettings } from './bounce-control.ts'
import { bounceRate, type BounceRateSettings } from './bounce-rate.ts'
import { containment } from './containment.ts'
import { dmarc, type DmarcSettings } from './dmarc.ts'
import { dnsLists, type ListSettings } from './dns-lists.ts'
import { dynamicName } from './dynamic-name.ts'
import { encodedUrl } from './encoded-url.ts'
import { type GreylistSettings, greylist } from './greylist.ts'
import { hashcash, type HashcashSettings } from './hashcash.ts'
import {
  heloChanging,
  type HeloChangingSettings,
  heloForeign,
  heloInvalid,
  heloOurs,
  heloUnresolved,
} from './helo.ts'
import { type Limits, limits } from './limits.ts'
import { loginRequired } from './login-required.ts'
import { mailboxFull } from './mailbox-full.ts'
import { protocolViolation, type ProtocolViolationSettings } from './protocol-violation.ts'
import { mailLoop } from './mail-loop.ts'
import { notOfPostmaster } from './postmaster.ts'
import { quotas, type QuotaSettings } from './quotas.ts'
import { recipientExists } from './recipient-exists.ts'
import { relay } from './relay.ts'
import { reverseDns, type ReverseDnsSettings } from './reverse-dns.ts'
import { rogueDomain, type RogueDomainSettings } from './rogue-domain.ts'
import type { Mode, Rule } from './rule.ts'
import { scan, type ScanSettings } from './scan.ts'
import { senderBelongs } from './sender-belongs.ts'
import { slowLane, type SlowLaneSettings } from './slow-lane.ts'
import { spf } from './spf.ts'
import { type UnreadableSettings, unreadable } from './unreadable.ts'

export type PolicySettings = {
  /** `rules.NAME`: enforce, observe or off; each has a default of its own (docs/rules.md). */
  readonly modes: Readonly<Record<RuleName, Mode>>
  /** Where mail passwords are changed, where that is not the portal. */
  readonly passwordsAt?: string | undefined
  readonly limits: Readonly<Record<Plan, Limits>>
  readonly isLocal: (domain: string) => boolean
  /** Of one address: the postmaster of this server is ours, whatever its name. */
  readonly isOurs: (address: string) => boolean
  readonly ourNames: readonly string[]
  /** Something here knows whether a mailbox is full; without it there is no such rule. */
  readonly knowsFullMailboxes: boolean
  readonly access: AccessSettings
  readonly reverseDns: ReverseDnsSettings
  readonly dnsLists: readonly ListSettings[]
  readonly heloChanging: HeloChangingSettings
  readonly greylist: GreylistSettings
  readonly attachments: AttachmentSettings & UnreadableSettings
  readonly dmarc: DmarcSettings
  readonly bounceRate: BounceRateSettings
  readonly bounceControl: Omit<BounceControlSettings, 'tags'>
  /** Writes and knows the tags of our own mail. */
  readonly tags: BounceControlSettings['tags']
  readonly 'protocol-violation': ProtocolViolationSettings
  readonly rogueDomain: RogueDomainSettings
  readonly scan: ScanSettings
  readonly hashcash: HashcashSettings
  readonly slowLane: SlowLaneSettings
  readonly quotas: QuotaSettings
}

export const RULE_NAMES = [
  'containment',
  'login-required',
  'sender-belongs',
  'helo-ours',
  'helo-invalid',
  'access',
  'relay',
  'protocol-violation',
  'helo-foreign',
  'helo-unresolved',
  'helo-changing',
  'reverse-dns',
  'dynamic-name',
  'dns-lists',
  'spf',
  'rogue-domain',
  'bounce-rate',
  'recipient-exists',
  'mailbox-full',
  'greylist',
  'mail-loop',
  'bounce-control',
  'encoded-url',
  'attachment',
  'unreadable',
  'dmarc',
  'scan',
  'hashcash',
  'slow-lane',
  'quotas',
  'limits',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

/** Those that are off, or have nothing to ask, are not among them. */
export function shippedRules(settings: PolicySettings): readonly Rule[] {
  const { modes, isLocal, isOurs } = settings
  return [
    containment(modes.containment, settings.passwordsAt),
    loginRequired(modes['login-required']),
    senderBelongs(modes['sender-belongs']),
    heloOurs(modes['helo-ours'], settings.ourNames),
    heloInvalid(modes['helo-invalid']),
    access(modes.access, settings.access),
    relay(modes.relay, isOurs),
    protocolViolation(modes['protocol-violation'], settings['protocol-violation']),
    heloForeign(modes['helo-foreign']),
    heloUnresolved(modes['helo-unresolved']),
    heloChanging(modes['helo-changing'], settings.heloChanging),
    reverseDns(modes['reverse-dns'], settings.reverseDns),
    dynamicName(modes['dynamic-name']),
    dnsLists(settings.dnsLists.length > 0 ? modes['dns-lists'] : 'off', settings.dnsLists),
    spf(modes.spf),
    rogueDomain(modes['rogue-domain'], settings.rogueDomain),
    bounceRate(modes['bounce-rate'], settings.bounceRate, isLocal),
    // After the rules for strangers: a client that those refuse learns nothing of which mailboxes exist.
    recipientExists(modes['recipient-exists'], isOurs),
    mailboxFull(settings.knowsFullMailboxes ? modes['mailbox-full'] : 'off', isLocal),
    greylist(modes.greylist, settings.greylist),
    mailLoop(modes['mail-loop']),
    bounceControl(
      modes['bounce-control'],
      { ...settings.bounceControl, tags: settings.tags },
      isLocal,
    ),
    encodedUrl(modes['encoded-url']),
    notOfPostmaster(attachment(modes.attachment, settings.attachments), isOurs),
    notOfPostmaster(unreadable(modes.unreadable, settings.attachments), isOurs),
    dmarc(modes.dmarc, settings.dmarc),
    notOfPostmaster(scan(modes.scan, settings.scan), isOurs),
    hashcash(modes.hashcash, settings.hashcash),
    slowLane(modes['slow-lane'], settings.slowLane),
    quotas(modes.quotas, settings.quotas),
    limits(modes.limits, settings.limits),
  ].filter(rule => rule.mode !== 'off')
}
