// Webhooks, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { webhook, type WebhookSettings } from './webhook.ts'

type Configured = { readonly webhooks: readonly WebhookSettings[] }

export const webhooks: NetworkDriver<Configured, WebhookSettings> = {
  reads: { webhooks: 'restart' },
  settings: config => config.webhooks,
  called: ({ name }) => `webhook ${name}`,
  open: (settings, { heldIn, now }) => webhook(settings, heldIn('webhook', settings.name), now),
}
