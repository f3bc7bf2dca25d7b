// The lines of docs/integrate-postfix.md that are missing somewhere, as an operator is to write them.

import type { Service } from './postfix-settings.ts'
import type { Places } from './postfix-way.ts'

/** Postfix warns of a setting that no block uses yet: hence both in this order. */
export const rcptLine = ({ name, overrides }: Service, policy: string): string =>
  overrides.has('smtpd_recipient_restrictions')
    ? `main.cf: mua_recipient_restrictions = check_policy_service ${policy}, permit_sasl_authenticated, reject; master.cf, ${name}: -o smtpd_recipient_restrictions=$mua_recipient_restrictions`
    : `main.cf: smtpd_recipient_restrictions = check_policy_service ${policy}, … (first of all)`

export const endLine = ({ name, overrides }: Service, policy: string): string =>
  overrides.has('smtpd_end_of_data_restrictions')
    ? `master.cf, ${name}: -o smtpd_end_of_data_restrictions=check_policy_service,${policy}`
    : `main.cf: smtpd_end_of_data_restrictions = check_policy_service ${policy}`

export const milterLine = ({ name, overrides }: Service, milter: string): string =>
  overrides.has('smtpd_milters')
    ? `master.cf, ${name}: take out -o smtpd_milters=…, or add ${milter} to it`
    : `main.cf: smtpd_milters = ${milter}`

/** What a service that asks nothing is to have: of a door that this Cordon has. */
export function anyLine(service: Service, { policy, milter }: Places): string {
  if (milter !== undefined) return milterLine(service, milter)
  if (policy !== undefined) return `${rcptLine(service, policy)}; ${endLine(service, policy)}`
  return 'cordon.yaml has no door for a Postfix: milter or policyService (docs/integrate-postfix.md)'
}

/** Of a Cordon that has both doors, and a Postfix that asks at neither. */
export const OR_POLICY = [
  'or ask by policy delegation instead: docs/integrate-postfix.md has the lines of both ways',
]
