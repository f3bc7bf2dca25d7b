// DMARC (RFC 9989): the domain people read in From says what is to become of mail that is neither signed by it nor sent from
// where it says. Its "reject" is honoured, unless a domain that this operator trusts has sealed the message (ARC, RFC 8617) and had
// found it right before a list or a forward changed it. "quarantine" is for the mailbox: it reads the result in the header.

import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

export type DmarcSettings = {
  /** Domains of forwarders and lists whose ARC seals are believed. */
  readonly sealers: readonly string[]
}

export function dmarc(mode: Mode, settings: DmarcSettings): Rule {
  const sealers = new Set(settings.sealers.map(one => one.toLowerCase()))
  return {
    name: 'dmarc',
    about:
      'There is one From with a legal domain, and no domain that a reader may see in it asks to refuse the message by DMARC; a message with a trusted ARC seal is accepted. A message that could not be checked is deferred: each time if the domain is known to ask for refusal, else for at least four hours and four attempts.',
    reasons: ['dmarc-fail'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: ({ authentication }: AttributedStep) => {
      // Only mail of machines of our own is not checked.
      if (!authentication) return undefined
      const { dmarc, arc } = authentication
      // RFC 9989 §5.3.1: one From, with a domain. With several, with none or with an invalid name there is no policy to look up.
      if (dmarc.result === 'several') return SEVERAL
      if (dmarc.result === 'permerror') return NO_DOMAIN
      if (dmarc.policy === 'unknown') return dmarc.givenUp ? undefined : LATER
      const fails = dmarc.result === 'fail' || dmarc.result === 'temperror'
      if (!fails || dmarc.policy !== 'reject') return undefined
      const trusted =
        arc.result === 'pass' &&
        arc.dmarcBefore === 'pass' &&
        arc.sealer !== undefined &&
        sealers.has(arc.sealer)
      if (trusted) return undefined
      // Its policy is known, and only the answer for one of its signatures is missing.
      const asked = `${shown(dmarc.domain)} asks to refuse mail that it has neither signed nor sent`
      return dmarc.result === 'fail'
        ? refused(`${asked}; send through its own server`)
        : { ...LATER, help: `${asked}, and the DNS did not answer; please send it again later` }
    },
  }
}

const refused = (help: string): Verdict => ({ kind: 'reject', reason: 'dmarc-fail', help })

const SEVERAL = refused('it has several From fields; write one')
const NO_DOMAIN = refused(
  'its From has no legal domain, or not one that all readers see; write one From with a whole address, as in anna@example.org',
)
const LATER: Verdict = Object.freeze({
  kind: 'defer',
  reason: 'dmarc-fail',
  help: 'the DNS did not answer; please send it again later',
})

/** Printable, and without the `%` that a milter's reply may not have. */
const shown = (domain: string): string => domain.slice(0, 100).replaceAll(/[^ -$&-~]/g, '?')
