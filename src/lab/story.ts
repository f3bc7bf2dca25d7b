// The story that the lab plays, line by line: what should be seen, and what was.

import { DECOY, ISP, OUTSIDE4, OUTSIDE6 } from './namespaces.ts'
import { type Lab, type Name, PASSWORD, PORTS, VICTIMS } from './lab.ts'

export type Line = { readonly what: string; readonly saw: string; readonly held: boolean }

type TellLine = (line: Line) => void

const CLOSED = 'ECONNREFUSED'
const GREETING = '220 mx.meadow.example ESMTP'
/** A second, as promised; people's clocks are read in milliseconds. */
const SECOND = 1000

export async function playStory(
  lab: Lab,
  told: TellLine,
  /** False where the machine does other things as well: how long something takes is said, and nothing follows from it. */
  { timed }: { readonly timed: boolean },
): Promise<void> {
  const check: Check = ({ what, saw, held, took }) =>
    told({
      what,
      saw: took === undefined ? saw : `${saw}, ${took} ms`,
      held: held && !(timed && took !== undefined && took >= SECOND),
    })
  await before(lab, check)
  await bots(lab, check)
  await expert(lab, check)
  await crash(lab, check)
  await wayOut(lab, check)
}

type Check = (line: Line & { /** ms; a second is the promise. */ readonly took?: number }) => void

/** The same over IPv4 and IPv6. */
async function both(lab: Lab, name: Name, port: number, to: readonly string[]): Promise<string> {
  const answers: string[] = []
  for (const address of to) answers.push(await lab.at(name, { do: 'connect', address, port }))
  return [...new Set(answers)].join(' / ')
}
const OUT = [OUTSIDE4[0], OUTSIDE6[0]]

const submit = (lab: Lab, name: Name) =>
  lab.at(name, {
    do: 'submit',
    address: ISP.v4,
    user: `${name}@isp.example`,
    password: PASSWORD,
    to: 'friend@meadow.example',
  })

async function before(lab: Lab, check: Check): Promise<void> {
  const began = Date.now()
  const closed = await both(lab, 'anna', 25, OUT)
  const took = Date.now() - began
  check({
    what: 'a consumer’s port 25 to the outside is refused at once (IPv4, IPv6)',
    saw: closed,
    held: closed === CLOSED,
    took,
  })
  const expertHome = lab.home('expert')
  const inner = await both(lab, 'bert', 25, [expertHome.wan4, expertHome.machine6])
  check({ what: 'and so it is between subscribers', saw: inner, held: inner === CLOSED })
  for (const port of PORTS.open) {
    const saw = await both(lab, 'anna', port, OUT)
    check({ what: `port ${port} is open`, saw, held: saw === `port ${port}` })
  }
  const sent = await submit(lab, 'anna')
  const came = await arrives(lab, 'anna@isp.example', 1)
  check({
    what: 'a person’s mail by the provider’s server, with a password, arrives outside',
    saw: `${sent}, ${came} arrived`,
    held: sent === 'sent' && came === 1,
  })
  const vpn: string[] = []
  for (const address of OUT)
    vpn.push(await lab.at('vpn', { do: 'tunnel', address, port: PORTS.vpn }))
  check({
    what: 'a VPN (UDP 51820, a stand-in) works',
    saw: vpn.join(' / '),
    held: vpn.every(one => one === 'through the tunnel'),
  })
  const delivered: string[] = []
  for (const address of [...OUTSIDE4, ...OUTSIDE6])
    delivered.push(await lab.at('expert', { do: 'deliver', address, from: 'carl@own.example' }))
  check({
    what: 'the expert’s own mail server delivers to both servers outside (IPv4, IPv6)',
    saw: `${await arrives(lab, 'carl@own.example', 4)} of 4 arrived`,
    held: delivered.every(one => one === 'sent') && lab.arrived('carl@own.example') === 4,
  })
}

async function bots(lab: Lab, check: Check): Promise<void> {
  // The browser of its home: from the outside's page to the notice.
  let tenth = 0
  for (const [i, address] of VICTIMS.entries()) {
    if (i === VICTIMS.length - 1) tenth = Date.now()
    await lab.at('bot-1', { do: 'deliver', address, from: 'bot@bot.example' })
  }
  const first = await noticeOf(lab, 'bot-1')
  check({
    what: 'a bot that knocks at servers of ten organisations is isolated within a second of the tenth',
    saw: first.answer,
    held: isNotice(first.answer),
    took: first.at - tenth,
  })
  const six = await lab.at('bot-1', { do: 'connect', address: OUTSIDE6[0], port: 25 })
  const ours = await lab.at('bot-1', { do: 'connect', address: ISP.v4, port: 25 })
  check({
    what: 'it reaches no port 25 any more, the provider’s neither',
    saw: `${six}, ${ours}`,
    held: six === CLOSED && ours === CLOSED,
  })
  const touched = Date.now()
  await lab.at('bot-2', { do: 'deliver', address: DECOY, from: 'bot@bot.example' })
  const second = await noticeOf(lab, 'bot-2')
  check({
    what: 'one that talks to a decoy is isolated within a second of its first word',
    saw: second.answer,
    held: isNotice(second.answer),
    took: second.at - touched,
  })
  check({
    what: 'no spam left the network',
    saw: `${lab.arrived('bot@bot.example')} arrived outside`,
    held: lab.arrived('bot@bot.example') === 0,
  })
  const web = await lab.at('bot-1', { do: 'connect', address: OUTSIDE4[0], port: 443 })
  check({ what: 'its owner still reaches the web by TLS', saw: web, held: web === 'port 443' })
  const neighbours = [
    await both(lab, 'anna', 80, OUT),
    await both(lab, 'bert', 80, OUT),
    await submit(lab, 'bert'),
  ]
  check({
    what: 'the neighbours notice nothing',
    saw: neighbours.join(', '),
    held: neighbours.join() === 'port 80,port 80,sent',
  })
}

async function expert(lab: Lab, check: Check): Promise<void> {
  const closes = lab.at('expert', { do: 'until', address: OUTSIDE4[0], port: 25, not: GREETING })
  const ordered = Date.now()
  await lab.order({
    kind: 'impose',
    subject: 'line:expert',
    decision: 'isolate',
    hours: 1,
    why: 'the lab',
  })
  const [at = '', answer = ''] = (await closes).split(' ')
  const took = Number(at) - ordered
  check({
    what: 'the expert with an incident is closed within a second of the order',
    saw: answer,
    held: answer === CLOSED,
    took,
  })
  await lab.release('expert')
  const open = await both(lab, 'expert', 25, OUT)
  check({ what: 'and open again when it is lifted', saw: open, held: open === GREETING })
}

async function crash(lab: Lab, check: Check): Promise<void> {
  lab.crash()
  const stands = [
    await both(lab, 'anna', 25, OUT),
    await both(lab, 'bot-1', 25, OUT),
    await both(lab, 'expert', 25, OUT),
  ]
  check({
    what: 'Cordon killed: consumers and bots stay closed, the expert open',
    saw: stands.join(', '),
    held: stands.join() === `${CLOSED},${CLOSED},${GREETING}`,
  })
  const elements = () =>
    withoutTimes(lab.network.run(lab.network.isp, 'nft', 'list', 'table', 'inet', 'cordon'))
  const held = elements()
  await lab.restart()
  check({
    what: 'started again: the router holds exactly what it held',
    saw: held === elements() ? 'the same' : 'something else',
    held: held === elements(),
  })
}

async function wayOut(lab: Lab, check: Check): Promise<void> {
  const began = Date.now()
  await lab.release('bot-1')
  const page = await both(lab, 'bot-1', 80, OUT)
  const took = Date.now() - began
  const port = await both(lab, 'bot-1', 25, OUT)
  check({
    what: 'the bot’s line released: the web is open again within a second, port 25 closed as for all',
    saw: `${page}, ${port}`,
    held: page === 'port 80' && port === CLOSED,
    took,
  })
}

/** When port 80 of a home leads elsewhere than it did, and what answers there. */
async function noticeOf(lab: Lab, name: Name): Promise<{ at: number; answer: string }> {
  const said = await lab.at(name, { do: 'until', address: OUTSIDE4[0], port: 80, not: 'port 80' })
  const space = said.indexOf(' ')
  return { at: Number(said.slice(0, space)), answer: said.slice(space + 1) }
}

/** The page of the portal, in HTTP; not the port that the outside says. */
const isNotice = (answer: string) => answer.startsWith('HTTP/1.')

/** Mail takes a moment; a minute at most. */
async function arrives(lab: Lab, sender: string, count: number): Promise<number> {
  for (let i = 0; i < 1200 && lab.arrived(sender) < count; i++)
    await new Promise(resolve => setTimeout(resolve, 50))
  return lab.arrived(sender)
}

/** Times run, what was seen is forgotten, and the order in a set is arbitrary. */
export function withoutTimes(listing: string): string {
  return listing
    .replaceAll(/set (?:seen|pace)[46] \{[^}]*\{[^}]*\}[^}]*\}/g, '')
    .replaceAll(/set (?:seen|pace)[46] \{[^}]*\}/g, '')
    .replaceAll(/ (?:timeout|expires) [\dhmsd]+(?:ms)?/g, '')
    .replaceAll(/elements = \{([^}]*)\}/g, (_, all: string) =>
      all
        .split(',')
        .map(one => one.trim())
        .toSorted((a, b) => a.localeCompare(b))
        .join(', '),
    )
}
