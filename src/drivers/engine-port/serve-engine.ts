// Lets a door in another thread use the engine, the logins and the caps of this one: the other end of engine-client.ts.

import type { MessagePort } from 'node:worker_threads'
import type { Client, ListenerKind, Transaction } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import type { Logins } from '../../ports/logins.ts'
import type { EngineAnswer, Call, FromEngine, ToEngine } from './calls.ts'
import { postTogether } from '../post-together.ts'

export type Served = {
  readonly engine: Engine
  readonly logins: Logins
  readonly caps: { enter(client: Client, listener: ListenerKind): (() => void) | undefined }
}

/** A message on its way in: what is written is written in turn, and a failure is told when it is asked for. */
type Unfinished = { readonly draft: Promise<Draft>; written: Promise<void> }

/** Answers what comes through the port until it is closed; what was unfinished then is dropped, and connections inside have left. */
export function serveEngine(
  served: Served,
  port: MessagePort,
): { readonly cut: (login: string) => void } {
  const { engine, logins, caps } = served
  const drafts = new Map<number, Unfinished>()
  const inside = new Map<number, () => void>()
  const reply: (said: FromEngine) => void = postTogether(port)

  const unfinished = (id: number): Unfinished => {
    const found = drafts.get(id)
    if (!found) throw new Error(`there is no unfinished message ${id}`)
    return found
  }
  const begin = (id: number, tx: Transaction) => {
    const draft = engine.open(tx)
    const written = draft.then(() => undefined)
    written.catch(() => undefined)
    drafts.set(id, { draft, written })
  }
  const write = (id: number, chunk: Uint8Array) => {
    const message = drafts.get(id)
    if (!message) return
    const before = message.written
    message.written = message.draft.then(async draft => {
      await before
      await draft.write(chunk)
    })
    message.written.catch(() => undefined)
  }
  const leave = (visit: number) => {
    inside.get(visit)?.()
    inside.delete(visit)
  }

  const answer = async (ask: Call): Promise<EngineAnswer> => {
    switch (ask.call) {
      case 'judge':
        return { judgement: await engine.judge(ask.step) }
      case 'written':
        await unfinished(ask.draft).written
        return {}
      case 'finish': {
        const message = unfinished(ask.draft)
        drafts.delete(ask.draft)
        return { judgement: await finish(message) }
      }
      case 'abort':
        await drop(drafts.get(ask.draft))
        drafts.delete(ask.draft)
        return {}
      case 'command':
        return { outcome: await engine.command(ask.order) }
      case 'login':
        return { login: await logins.check(ask.asking, ask) }
      case 'salt':
        return { salt: await logins.salt(ask.asking, ask.name) }
      case 'prove':
        return { login: await logins.prove(ask.asking, ask.given) }
      case 'enter': {
        const left = caps.enter(ask.client, ask.listener)
        if (left) inside.set(ask.visit, left)
        return { entered: left !== undefined }
      }
      default:
        return ask satisfies never
    }
  }
  const hear = (message: ToEngine) => {
    if ('ask' in message) {
      const { n, ask } = message
      answer(ask).then(
        given => reply({ n, answer: given }),
        error => reply({ n, error: String(error) }),
      )
    } else if ('report' in message) engine.report(message.report)
    else if ('open' in message) begin(message.draft, message.open)
    else if ('write' in message) write(message.draft, message.write)
    else leave(message.leave)
  }
  port.on('message', (messages: readonly ToEngine[]) => messages.forEach(hear))
  port.on('close', () => {
    for (const message of drafts.values()) void drop(message).catch(() => undefined)
    drafts.clear()
    for (const left of inside.values()) left()
    inside.clear()
  })
  return { cut: login => reply({ cut: login }) }
}

async function finish(message: Unfinished): Promise<Judgement> {
  try {
    await message.written
  } catch (error) {
    await drop(message)
    throw error
  }
  return (await message.draft).finish()
}

async function drop(message: Unfinished | undefined): Promise<void> {
  if (!message) return
  await message.written.catch(() => undefined)
  await (await message.draft).abort()
}
