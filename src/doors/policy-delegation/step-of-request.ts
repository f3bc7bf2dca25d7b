// The attributes of a request as what every step of its message has in common. Any of them may be missing, empty, or odd (Postfix 2.1 to
// 3.10, and other programs that speak its protocol): what cannot be read is not known.

import { NO_ADDRESS } from '../../model/ip.ts'
import { loginAddress } from '../../model/mail-address.ts'
import type { Client, ListenerKind, Step } from '../../model/step.ts'
import type { Writable } from '../../model/writable.ts'
import { clientAddress } from '../../wire/client-address.ts'
import { ownNetworks } from '../../wire/own-networks.ts'
import type { PolicyRequest } from './codec.ts'

export type PolicyOptions = {
  /** What unauthenticated clients are: `policyService.listener`, inbound by default, submission, trusted-network, inbound or redirected. */
  readonly listener: ListenerKind
  /** From there mail comes without a login. */
  readonly mynetworks?: readonly string[]
  /** Hosts of many users: mail from them has no place of its own. */
  readonly webmail?: readonly string[]
  /** `policyService.realm`, main by default. */
  readonly realm: string
  /** Appended to SASL names that have none. */
  readonly domain: string
  /**
   * Where mail is counted: at each RCPT, or once at END-OF-MESSAGE, if Postfix asks there (`policyService.countAt`, rcpt by default, rcpt
   * or end-of-message).
   */
  readonly countAt: 'rcpt' | 'end-of-message'
  /**
   * Rules that are Postfix's own business: `policyService.skipRules`, relay, recipient-exists, login-required, sender-belongs by default.
   */
  readonly skipRules: readonly string[]
}

export type PolicySetup = Omit<PolicyOptions, 'mynetworks' | 'webmail'> & {
  readonly isOwn: (address: string) => boolean
  readonly isCrowd: (address: string) => boolean
  /** `skipRules`, and what is left out before the end of a message. The same list each time: then it need not be read. */
  readonly early: readonly string[]
  /** `skipRules`, and what was counted before. */
  readonly uncounted: readonly string[]
}

export function setupOf({ mynetworks = [], webmail = [], ...options }: PolicyOptions): PolicySetup {
  const { skipRules } = options
  const isOwn = ownNetworks(mynetworks)
  return {
    ...options,
    isOwn,
    isCrowd: address => webmail.includes(address) || isOwn(address),
    early: [...skipRules, 'limits'],
    uncounted: [...skipRules, 'limits', 'quotas'],
  }
}

/** Undefined where there is no subject to ask about: a client without an address that has not logged in. */
export function baseOf(
  request: PolicyRequest,
  setup: PolicySetup,
  at: number,
): Omit<Step, 'stage'> | undefined {
  const known = clientAddress(request.client_address)
  const login = request.sasl_username
  if (known === undefined && login === '') return undefined
  const address = known ?? NO_ADDRESS
  const size = Number(request.size)
  const base: Writable<Omit<Step, 'stage'>> = {
    session: request.instance,
    listener: listenerOf(login, address, setup),
    at,
    client: clientOf(request, address, setup),
    tls: request.encryption_protocol !== '',
    helo: request.helo_name,
    sender: request.sender,
  }
  if (Number.isSafeInteger(size) && size > 0) base.size = size
  if (login !== '') base.login = loginAddress(login, setup.domain)
  return base
}

function clientOf(
  request: PolicyRequest,
  address: string,
  { realm, isCrowd }: PolicySetup,
): Client {
  const client = { realm, address, port: portOf(request) }
  return isCrowd(address) ? { ...client, crowd: true } : client
}

function listenerOf(
  login: string,
  address: string,
  { isOwn, listener }: PolicySetup,
): ListenerKind {
  if (login !== '') return 'submission'
  return isOwn(address) ? 'trusted-network' : listener
}

/** 0 where the port is missing: an older Postfix does not say it. */
function portOf(request: PolicyRequest): number {
  const port = Number(request.client_port)
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 0
}
