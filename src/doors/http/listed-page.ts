// The page behind an entry of our list: what it means, and the way out for each side. It says what the DNS says, and nothing of the customer.

import { html } from 'hono/html'
import { LIST_CODES } from '../../model/list-code.ts'
import type { ListedNow } from '../../model/listed-now.ts'
import { moment, type Page, page } from './page.ts'
import type { WhyView } from './why-pages.ts'

type ListedView = WhyView & {
  /** `portal`, the customer portal by default. */
  readonly portal: string
}

export function listedPage({ provider, postmaster, portal }: ListedView, entry: ListedNow): Page {
  const { prefix, as, code, since } = entry
  const isolated = code === LIST_CODES.isolated
  return page(
    `${provider}: why is this address listed?`,
    html`<h1>${provider}: why is this address listed?</h1>
<div class="card"><p><b>A computer behind this line of ours sends spam, as a rule without its owner’s knowledge.</b></p>
<dl><dt>Address</dt><dd><code>${prefix}</code></dd>
<dt>Listed</dt><dd>since ${moment(since)}, as <code>${as}</code> (127.0.0.${code})</dd>
<dt>What we have done</dt><dd>${isolated ? 'The line is isolated' : 'Its way to other mail servers is closed'}; its owner is told.</dd></dl></div>
<h2>Is this your line?</h2>
<p>You are listed no longer as soon as the computer is clean: open ${portal} and end the restriction there. It says what to do first. The entry is gone within a second, and other servers forget it within a minute. Nothing is to be paid.</p>
<h2>Have you just been given this address?</h2>
<p>The list follows the line, not the address: with the last customer’s lease the entry has ended. If you still see this page on a line of yours, write to ${postmaster}.</p>
<h2>Do you run a mail server that refused mail because of it?</h2>
<p>You need do nothing: the entry ends by itself. A person reads ${postmaster}; name this page.</p>`,
  )
}

export function notListedPage({ provider, postmaster }: WhyView): Page {
  return page(
    `${provider}: not listed`,
    html`<h1>${provider}: not listed any more</h1>
<p>There is no entry of this name now: the line is clean, or the address belongs to another line. Servers that still refuse mail because of it ask again within a minute. Copy the link from the reply once more if it was cut, or write to ${postmaster}.</p>`,
  )
}
