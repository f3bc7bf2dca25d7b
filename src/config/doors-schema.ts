// What the configuration may say of doors, each beside its own: one line a door. Whatever is named here is a way in.

import { dnsSchema } from '../doors/dns/config-schema.ts'
import { imapSchema } from '../doors/imap/config-schema.ts'
import { milterSchema } from '../doors/milter/config-schema.ts'
import { policyServiceSchema } from '../doors/policy-delegation/config-schema.ts'
import { pop3Schema } from '../doors/pop3/config-schema.ts'
import { smtpSchema } from '../doors/smtp/config-schema.ts'

export const doorsSchema = {
  ...smtpSchema,
  ...policyServiceSchema,
  ...milterSchema,
  ...dnsSchema,
  ...imapSchema,
  ...pop3Schema,
}
