// Every sentence of a language that customers read: letters, what was seen, the portal, the notice page. A language that lacks one does not compile;
// the list of languages is languages.ts. What staff read is English.

import type { EvidenceKind } from '../model/evidence.ts'
import type { OptOut } from '../model/opt-out.ts'
import type { UseKind } from '../model/rollout.ts'
import type { PortalWords } from './english/portal.ts'
import type { Words } from './notice-words.ts'

export type Sentences = {
  /** As its speakers call it. */
  readonly name: string
  /** BCP 47 tag by which `Intl` writes dates. */
  readonly locale: string
  /** Names that stand where the operator has set none. */
  readonly names: { readonly provider: string; readonly portal: string }
  readonly letters: Words
  readonly portal: PortalWords
  readonly seen: SeenWords
  readonly page: NoticePageWords
  readonly setup: SetupPageWords
}

/** Lines behind "what we saw". */
export type SeenWords = {
  readonly evidence: Readonly<Record<EvidenceKind | 'other', string>>
  readonly overLimit: string
  readonly optOut: {
    readonly ownServer: (name: string) => string
    readonly destinations: (all: string) => string
    readonly ended: Readonly<Record<NonNullable<OptOut['endedBy']>, string>>
  }
  readonly port25: {
    readonly advice: Readonly<Record<UseKind, string>>
    readonly server: (address: string) => string
    readonly others: string
  }
}

/** The page of the walled garden. */
export type NoticePageWords = {
  readonly heading: Readonly<
    Record<'spam' | 'infected' | 'imposed' | 'suspended' | 'open' | 'unknown', string>
  >
  readonly why: Readonly<Record<'evidence' | 'imposed' | 'suspended' | 'open' | 'unknown', string>>
  readonly seen: string
  readonly since: string
  readonly until: string
  readonly caseCode: string
  readonly phone: string
  readonly stopped: string
  readonly stops: Readonly<Record<'isolate' | 'suspend', string>>
  readonly todo: string
  readonly check: string
  readonly release: (portal: string) => string
  readonly openPortal: string
  readonly call: string
  readonly quiet: (hours: number) => string
}

/** The page by which people set up a mail program. */
export type SetupPageWords = Readonly<
  Record<
    | 'heading'
    | 'address'
    | 'show'
    | 'notOurs'
    | 'itself'
    | 'servers'
    | 'read'
    | 'send'
    | 'server'
    | 'port'
    | 'security'
    | 'login'
    | 'password'
    | 'yourPassword'
    | 'apple'
    | 'profile'
    | 'install'
    | 'signed'
    | 'unsigned'
    | 'phone'
    | 'scan'
    | 'code',
    string
  >
>
