// A name that is made of its address, as access providers give them to the lines of their customers: no mail server has one
// for long. AOL refused those. A domain that vouches for the address itself (SPF) is believed, whatever the name looks like.

import { firstAnswer } from '../../model/question.ts'
import { parseIp } from '../../model/ip.ts'
import { backwards } from '../../model/reverse-name.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'

export function dynamicName(mode: Mode): Rule {
  return {
    name: 'dynamic-name',
    about:
      'The server’s name is not made of its address, as those of dial-in lines are; a client with SPF pass is accepted.',
    reasons: ['dynamic-name'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    asks: ({ client, sender = '', helo = '' }: AttributedStep) =>
      isPublic(client.address)
        ? [
            { about: 'reverse-name', address: client.address },
            { about: 'spf', address: client.address, sender, helo },
          ]
        : [],
    decide: (step, known) => decide(step.client.address, known),
  }
}

function decide(address: string, known: Known): Verdict | undefined {
  const { names: all = [] } = firstAnswer('reverse-name', known.facts) ?? {}
  const spf = firstAnswer('spf', known.facts)
  // Without an SPF answer just now, the sender is not refused.
  if (!spf || spf.result === 'pass') return undefined
  return all.length > 0 && all.every(name => looksDynamic(name, address))
    ? { kind: 'reject', reason: 'dynamic-name' }
    : undefined
}

const OF_LINES =
  /(?:^|[^a-z])(?:a?dsl|vdsl|xdsl|dyn|dynamic|dial|dialup|dialin|ppp|pppoe|pool|dhcp|cable|broadband|customer|client|cust|ftth|fiber|mobile|lte|gprs|umts|nat|res|residential|home|user|subscriber)\d*(?:[^a-z]|$)/
const OF_SERVERS =
  /(?:^|[^a-z])(?:static|mail|mx|smtp|mta|relay|srv|server|out|outbound)\d*(?:[^a-z]|$)/

/** All four octets in the name, in any order and base; or the last two, beside a word that only lines have. */
export function looksDynamic(name: string, address: string): boolean {
  const host = name.toLowerCase()
  if (OF_SERVERS.test(host)) return false
  const ip = parseIp(address)
  if (!ip) return false
  if (ip.family === 6) {
    const nibbles = backwards(ip).replaceAll('.', '')
    const forwards = nibbles.split('').toReversed().join('')
    const plain = host.replaceAll(/[^0-9a-f]/g, '')
    // The half that is the customer's own, as it stands or reversed.
    return plain.includes(forwards.slice(16)) || plain.includes(nibbles.slice(0, 16))
  }
  const octets = address.split('.')
  const hex = octets.map(octet => Number(octet).toString(16).padStart(2, '0'))
  if (host.includes(hex.join('')) || host.includes(hex.toReversed().join(''))) return true
  const padded = octets.map(octet => octet.padStart(3, '0')).join('')
  if (host.includes(padded)) return true
  const numbers = new Set((host.match(/\d+/g) ?? []).map(Number))
  const found = octets.filter(octet => numbers.has(Number(octet)))
  if (found.length === 4) return true
  const lastTwo = octets.slice(2).every(octet => numbers.has(Number(octet)))
  return lastTwo && OF_LINES.test(host)
}
