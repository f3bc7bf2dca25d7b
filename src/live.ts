// What of the configuration can change while Cordon runs, worked out from it. All that can go wrong goes wrong here, before
// anything is changed. What is not here is wired once in main.ts and waits for a restart.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyOf } from './config/policy-of.ts'
import type { Config } from './config/schema.ts'
import type { Rule } from './core/policy/rule.ts'
import { shippedRules } from './core/policy/shipped-rules.ts'
import type { DoorSettings } from './doors/smtp/server.ts'
import type { PasswordSource } from './drivers/credentials/ledger-credentials.ts'
import { passwordFile } from './drivers/credentials/password-file.ts'
import { passwordHook } from './drivers/credentials/password-hook.ts'
import { passwordLdap } from './drivers/credentials/password-ldap.ts'
import type { DeliverySettings } from './drivers/delivery/delivery-loop.ts'
import { hopOf } from './drivers/delivery/hop-of.ts'
import type { RecipientSettings } from './drivers/directory/recipients-configured.ts'
import { geo, type Geo } from './drivers/lookups/geo.ts'
import { type QuotaStatus, quotaStatus } from './drivers/lookups/quota-status.ts'
import type { Batv } from './mail/batv.ts'
import { foldAddress } from './model/mail-address.ts'
import type { CapSettings } from './wire/connection-caps.ts'
import { type Pem, tlsIdentity } from './wire/tls-identity.ts'

export type Live = {
  readonly certificates: readonly Pem[]
  readonly rules: readonly Rule[]
  readonly passwords: readonly PasswordSource[]
  readonly recipients: RecipientSettings
  readonly delivery: DeliverySettings
  readonly caps: CapSettings
  readonly geo: Geo
  /** Addresses that nobody was ever given. */
  readonly traps: ReadonlySet<string>
  readonly quotaStatus: QuotaStatus | undefined
  /** Senders of our own mail bear a tag. */
  readonly tagsSenders: boolean
  readonly door: DoorSettings
}

/** The settings that are in it, and those that `takeOver` reads anew. */
export const RELOADED: ReadonlySet<string> = new Set([
  'subscribers',
  'leases',
  'certificate',
  'certificates',
  'rules',
  'limits',
  'access',
  'geo',
  'strangers',
  'attachments',
  'quotas',
  'timeZone',
  'passwords',
  'forwards',
  'mailboxes',
  'traps',
  'routes',
  'mailboxStore',
  'quotaStatus',
  'delivery',
  'connections',
  'maxMessageSize',
  'maxRecipients',
])

export type LiveParts = {
  /** For those who have no certificate. */
  readonly ownCertificate: Pem
  readonly isLocal: (domain: string) => boolean
  readonly tags: Batv
  readonly trouble: (error: unknown, about: string) => void
}

/** Throws when a file cannot be read or used. */
export function liveOf(
  config: Config,
  { ownCertificate, isLocal, tags, trouble }: LiveParts,
): Live {
  const { passwords, certificate, mailboxStore, hostname: ourName } = config
  const certificates = [
    certificate ? pemOf(certificate) : ownCertificate,
    ...config.certificates.map(pemOf),
  ]
  tlsIdentity(certificates)
  return {
    certificates,
    rules: shippedRules({
      ...policyOf(config),
      isLocal,
      tags,
      ourNames: [ourName, ...config.domains],
    }),
    passwords: [
      ...(passwords.file === undefined ? [] : [passwordFile(passwords.file, trouble)]),
      ...(passwords.ldap ? [passwordLdap(passwords.ldap, trouble)] : []),
      ...(passwords.hook ? [passwordHook(passwords.hook, trouble)] : []),
    ],
    recipients: recipientSettings(config),
    delivery: {
      routes: Object.fromEntries(
        Object.entries(config.routes).map(([domain, hop]) => [domain, hopOf(hop)]),
      ),
      ...(mailboxStore ? { mailboxStore: hopOf(mailboxStore) } : {}),
      ourName,
      mailboxes: join(config.dataFolder, 'mailboxes'),
      ...config.delivery,
    },
    caps: config.connections,
    geo: geo(config.geo),
    traps: new Set(config.traps.map(foldAddress)),
    quotaStatus: config.quotaStatus && quotaStatus(config.quotaStatus),
    tagsSenders: config.rules['bounce-control'] !== 'off',
    door: {
      ourName,
      maxSize: config.maxMessageSize,
      maxRecipients: config.maxRecipients,
      scram: passwords.scram,
      greetPause: config.strangers.greetPause,
    },
  }
}

/** Traps of our own domains are mailboxes like others. */
export const recipientSettings = (config: Config): RecipientSettings => ({
  ...config,
  mailboxes: [...config.mailboxes, ...config.traps],
})

const pemOf = (files: { readonly key: string; readonly chain: string }): Pem => ({
  key: readFileSync(files.key, 'utf8'),
  chain: readFileSync(files.chain, 'utf8'),
})
