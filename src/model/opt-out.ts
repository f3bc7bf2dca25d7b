// A consumer's port 25, opened because they asked: a permission, which outlives Cordon, but not a finding.

export const OPT_OUT_KINDS = ['own-server', 'destinations'] as const
/** `own-server`: "I run a mail server", open to all servers · `destinations`: "I use another provider's server on port 25". */
export type OptOutKind = (typeof OPT_OUT_KINDS)[number]

/** At most so many servers of other providers. */
export const MAX_DESTINATIONS = 5

export type OptOut = {
  readonly id: string
  /** Short, can be read out on the telephone, as a case code. */
  readonly code: string
  readonly subscriber: string
  readonly kind: OptOutKind
  /** Names or addresses as they were typed; of `destinations`. */
  readonly destinations: readonly string[]
  /** Their addresses, as last looked up. */
  readonly addresses: readonly string[]
  /** Of `own-server`: what it calls itself, and where it is. */
  readonly server?: { readonly name: string; readonly address?: string }
  readonly state: 'asked' | 'open' | 'ended'
  readonly askedAt: number
  /** What the letter asked to be typed, hashed; good for a day, once. */
  readonly proof?: string
  /** Wrong ones so far. */
  readonly wrong?: number
  readonly openedAt?: number
  /** Asked again until then, or it ends. */
  readonly confirmBy?: number
  readonly remindedAt?: number
  readonly endedAt?: number
  readonly endedBy?: OptOutEndedBy
  /** The name of its address is not as its owner said: our staff sets it. */
  readonly reverseDns?: 'right' | 'wanted'
}

export type OptOutEndedBy = 'owner' | 'finding' | 'time' | 'staff'
