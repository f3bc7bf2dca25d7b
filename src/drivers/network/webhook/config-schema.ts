// What the configuration may say of webhooks.

import { z } from 'zod'
import { driverName, realm, signedPost } from '../../../config/fields.ts'

const webhook = z.strictObject({
  name: driverName.default('webhook').describe('Name in logs and on screens'),
  ...signedPost,
  realm: realm.describe('Address space of the leases'),
})

export const webhookSchema = {
  webhooks: z
    .array(webhook)
    .default([])
    .describe('URLs that get every change of a restriction, for routers without a driver'),
}
