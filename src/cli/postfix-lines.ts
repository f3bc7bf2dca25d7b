// The lines of docs/integrate-postfix.md that are missing somewhere, as an operator is to write them.

import type { Service } from './postfix-settings.ts'

const POLICY = 'inet:127.0.0.1:10031'
const MILTER = 'inet:127.0.0.1:10032'

/** Postfix warns of a setting that no block uses yet: hence both in this order. */
export const rcptLine = ({ name, overrides }: Service, policy = POLICY): string =>
  overrides.has('smtpd_recipient_restrictions')
    ? `main.cf: mua_recipient_restrictions = check_policy_service ${policy}, permit_sasl_authenticated, reject; master.cf, ${name}: -o smtpd_recipient_restrictions=$mua_recipient_restrictions`
    : `main.cf: smtpd_recipient_restrictions = check_policy_service ${policy}, … (first of all)`

export const endLine = ({ name, overrides }: Service, policy = POLICY): string =>
  overrides.has('smtpd_end_of_data_restrictions')
    ? `master.cf, ${name}: -o smtpd_end_of_data_restrictions=check_policy_service,${policy}`
    : `main.cf: smtpd_end_of_data_restrictions = check_policy_service ${policy}`

export const milterLine = ({ name, overrides }: Service, milter = MILTER): string =>
  overrides.has('smtpd_milters')
    ? `master.cf, ${name}: take out -o smtpd_milters=…, or add ${milter} to it`
    : `main.cf: smtpd_milters = ${milter}`

/** Of a Postfix that asks in neither way. */
export const OR_POLICY = [
  'or ask by policy delegation instead: docs/integrate-postfix.md has the lines of both ways',
]
