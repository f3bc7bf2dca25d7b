// The page behind a refusal as HTML. Everything that comes from outside is escaped by the template.

import { html } from 'hono/html'
import type { EventOf } from '../../model/event.ts'
import type { AnsweredQuestion } from '../../model/recorded-step.ts'
import type { Fact } from '../../model/question.ts'
import { UNREAD_WORDS } from '../../model/unread-words.ts'
import { REASONS } from '../../model/reason.ts'
import { domainOf } from '../../model/mail-address.ts'
import { moment, type Page, page } from './page.ts'
import type { RefusalFacts } from './refusal-facts.ts'

export type WhyView = { readonly provider: string; readonly postmaster: string }

export function unknownPage({ provider, postmaster }: WhyView): Page {
  return page(
    `${provider}: refused mail`,
    html`<h1>${provider}: refused mail</h1>
<p>There is no refusal of this name here, or it is older than a week. Copy the link from the reply once more, or write to ${postmaster}.</p>`,
  )
}

/** `now`: what the rule says of it when asked again. */
export function whyPage(
  { provider, postmaster }: WhyView,
  event: EventOf<'step-judged'>,
  now: RefusalFacts | 'later' | 'not-again' | undefined,
): Page {
  const { step, rule = '', reason, verdict } = event
  const refused = verdict === 'defer' ? 'put off' : 'refused'
  const seen = (event.asked ?? []).map(one => seenWords(one)).filter(words => words !== undefined)
  return page(
    `${provider}: why was this mail ${refused}?`,
    html`<h1>${provider}: why was this mail ${refused}?</h1>
${again(now)}
<div class="card"><p><b>${reason === undefined ? '' : REASONS[reason].sentence}.</b></p>
<dl><dt>When</dt><dd>${moment(event.at)}</dd>
<dt>${isOurs(event) ? 'Your computer' : 'Your server'}</dt><dd>${event.who.address}${step.helo === undefined ? '' : html`, which greeted as <code>${step.helo}</code>`}</dd>
${step.sender ? html`<dt>Domain of the sender</dt><dd>${domainOf(step.sender)}</dd>` : ''}
<dt>Rule</dt><dd><code>${rule}</code></dd>
${sawWords(event)}
${seen.length > 0 ? html`<dt>What we saw</dt>${seen.map(words => html`<dd>${words}</dd>`)}` : ''}</dl></div>
${verdict === 'defer' ? html`<p>A real mail server tries again by itself; nothing is lost.</p>` : ''}
<form method="post"><button class="main">Look again</button></form>
<p class="quiet">You have mended it and it is refused all the same, or we are wrong? A person reads ${postmaster}; name this page. Mail to that address is taken from everybody.</p>`,
  )
}

/** A sender on a line or a login of ours has a mail program, as a rule. */
const isOurs = ({ who, step }: EventOf<'step-judged'>): boolean =>
  who.login !== undefined || step.listener !== 'inbound'

/** The names by which the sender knows the message. */
function sawWords({ step, saw = {} }: EventOf<'step-judged'>): Page {
  const { messageId, files = [], moreFiles, cause, found } = saw
  const unread = cause ?? step.message?.unreadable?.map(what => UNREAD_WORDS[what].what).join('; ')
  return html`${messageId === undefined ? '' : html`<dt>Message-ID</dt><dd><code>${messageId}</code></dd>`}
${files.length > 0 ? html`<dt>Files in it</dt>${files.map(name => html`<dd><bdi>${name}</bdi></dd>`)}${moreFiles === undefined ? '' : html`<dd>and ${moreFiles} more</dd>`}` : ''}
${found === undefined ? '' : html`<dt>What was wrong</dt><dd>${found}</dd>`}
${unread === undefined || found !== undefined ? '' : html`<dt>Could not be looked into</dt><dd>${unread}</dd>`}
${step.session === undefined ? '' : html`<dt>Session, in our log</dt><dd><code>${step.session}</code></dd>`}`
}

function again(now: RefusalFacts | 'later' | 'not-again' | undefined): Page | '' {
  if (now === undefined) return ''
  if (now === 'later')
    return html`<p class="problem" role="status">Many people look just now. Please try again in a minute.</p>`
  if (now === 'not-again')
    return html`<p class="said" role="status">This rule looks at whole messages: send it once more, and you will see.</p>`
  return now.verdict.kind === 'accept'
    ? html`<p class="said" role="status">Nothing against it any more: send your mail again.</p>`
    : html`<p class="problem" role="status">It is still so. A change in the DNS may need an hour to be seen everywhere.
${now.facts.map(fact => html`<br>${factWords(fact)}`)}</p>`
}

/** In words; undefined for an answer that the other side must not see. */
function seenWords({ question, answer }: AnsweredQuestion): string | undefined {
  switch (question.about) {
    case 'recipient':
    case 'mailbox-full':
    case 'organisation':
    case 'place':
      return undefined
    case 'host':
      return `${question.name}: ${factWords(answer)}`
    case 'listed':
      return `${question.of} in ${question.zone}: ${factWords(answer)}`
    case 'spf-breadth':
      return `${question.domain}: ${factWords(answer)}`
    case 'reverse-name':
    case 'spf':
      return factWords(answer)
    default:
      return question satisfies never
  }
}

function factWords(fact: Fact): string {
  if ('failed' in fact) return `${fact.about}: the DNS gave no answer`
  switch (fact.about) {
    case 'reverse-name': {
      const { names, confirmed } = fact.value
      if (names.length === 0) return 'the address has no name (PTR)'
      const wrong = names.filter(name => !confirmed.includes(name))
      return wrong.length === 0
        ? `the address is called ${names.join(', ')}`
        : `the address is called ${names.join(', ')}, but ${wrong.join(', ')} does not lead back to it`
    }
    case 'host':
      return fact.value ? 'is in the DNS' : 'is not in the DNS'
    case 'listed':
      return fact.value.length > 0 ? `listed (${fact.value.join(', ')})` : 'not listed'
    case 'spf':
      return `SPF of ${fact.value.domain}: ${fact.value.result}`
    case 'spf-breadth':
      return `${fact.value.toLocaleString('en')} addresses may send for it (SPF)`
    case 'recipient':
    case 'mailbox-full':
    case 'organisation':
    case 'place':
      return ''
    default:
      return fact satisfies never
  }
}
