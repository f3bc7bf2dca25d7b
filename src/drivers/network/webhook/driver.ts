// Webhooks, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { webhook, type WebhookSettings } from './webhook.ts'

type WebhookConfig = { readonly webhooks: readonly WebhookSettings[] }

export const webhooks: NetworkDriver<WebhookConfig, WebhookSettings> = {
  reads: { webhooks: 'restart' },
  settings: config => config.webhooks,
  writesDown: { kind: 'webhook', isOfSessions: false, nameOf: ({ name }) => name },
  called: ({ name }) => `webhook ${name}`,
  open: (settings, { heldIn, now }) => webhook(settings, heldIn('webhook', settings.name), now),
}
