// Looks in the DNS for the records of our keys: a new key signs when receivers can find it, and an old one is kept until its record is gone.

import { isDkimRecordOf } from '../../mail/dkim-record.ts'
import type { Resolver } from '../../ports/resolver.ts'
import type { DkimKeyStore } from './dkim-keys.ts'

/** Where the DNS does not answer, all stays as it is. */
export async function lookAtDkim(
  keys: DkimKeyStore,
  { resolver, domain }: { readonly resolver: Pick<Resolver, 'texts'>; readonly domain: string },
  at: number,
): Promise<void> {
  for (const { selector, privateKey } of keys.all()) {
    const texts = await resolver.texts(`${selector}._domainkey.${domain}`)
    if ('failed' in texts) continue
    if (texts.value.some(text => isDkimRecordOf(text, privateKey)))
      keys.published(selector, domain, at)
    else keys.unpublished(selector, at)
  }
}
