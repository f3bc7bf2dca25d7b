// The engine's thread as a door in another thread sees it: engine, logins and caps behind their own interfaces, over a
// MessagePort. A message is written without waiting; only a client faster than the engine is held back.

import type { MessagePort } from 'node:worker_threads'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Client, ListenerKind, Transaction } from '../../model/step.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import type { Logins } from '../../ports/logins.ts'
import type { EngineAnswer, Call, FromEngine, ToEngine } from './calls.ts'
import { postTogether } from '../post-together.ts'

/** Bytes of one message on their way to the engine before its client has to wait: as much as is read ahead of a socket. */
const AHEAD = 64 * 1024

export type EngineClient = {
  readonly engine: Engine
  readonly logins: Logins
  readonly caps: {
    enter(client: Client, listener: ListenerKind): Promise<(() => void) | undefined>
  }
  /** Called with every login that is stopped from now on. */
  readonly onCut: (cut: (login: string) => void) => void
}

type Ask = (call: Call) => Promise<EngineAnswer>
type Send = (message: ToEngine, bytes?: ArrayBuffer) => void

export function engineClient(port: MessagePort): EngineClient {
  const waiting = new Map<
    number,
    { resolve: (answer: EngineAnswer) => void; reject: (error: Error) => void }
  >()
  const cutters: ((login: string) => void)[] = []
  let questions = 0
  let drafts = 0
  let visits = 0
  let closed = false
  const send: Send = postTogether(port)
  const ask: Ask = call =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new StoreUnavailable('the engine is gone'))
      questions++
      waiting.set(questions, { resolve, reject })
      send({ n: questions, ask: call })
      return undefined
    })

  const hear = (said: FromEngine) => {
    if ('cut' in said) return cutters.forEach(cut => cut(said.cut))
    const asked = waiting.get(said.n)
    waiting.delete(said.n)
    if (said.error !== undefined) asked?.reject(new StoreUnavailable(said.error))
    else asked?.resolve(said.answer ?? {})
    return undefined
  }
  port.on('message', (messages: readonly FromEngine[]) => messages.forEach(hear))
  port.on('close', () => {
    closed = true
    for (const { reject } of waiting.values()) reject(new StoreUnavailable('the engine is gone'))
    waiting.clear()
  })

  return {
    engine: {
      judge: async step => part((await ask({ call: 'judge', step })).judgement),
      open: async tx => {
        drafts++
        return draftOver({ ask, send }, drafts, tx)
      },
      report: event => send({ report: event }),
      command: async order => part((await ask({ call: 'command', order })).outcome),
    },
    logins: {
      check: async (asking, given) => part((await ask({ call: 'login', asking, ...given })).login),
      salt: async (asking, name) => part((await ask({ call: 'salt', asking, name })).salt),
      prove: async (asking, given) => part((await ask({ call: 'prove', asking, given })).login),
    },
    caps: {
      enter: async (client, listener) => {
        visits++
        const visit = visits
        const { entered } = await ask({ call: 'enter', visit, client, listener })
        return entered === true ? () => send({ leave: visit }) : undefined
      },
    },
    onCut: cut => void cutters.push(cut),
  }
}

function draftOver(
  { ask, send }: { readonly ask: Ask; readonly send: Send },
  draft: number,
  tx: Transaction,
): Draft {
  let ahead = 0
  send({ open: tx, draft })
  return {
    write: async chunk => {
      // A copy of its own: the bytes around it belong to others, and what is handed over is gone here.
      const bytes = new Uint8Array(chunk)
      ahead += bytes.length
      send({ write: bytes, draft }, bytes.buffer)
      if (ahead < AHEAD) return
      ahead = 0
      await ask({ call: 'written', draft })
    },
    finish: async () => part((await ask({ call: 'finish', draft })).judgement),
    abort: async () => void (await ask({ call: 'abort', draft })),
  }
}

function part<T>(given: T | undefined): T {
  if (given === undefined) throw new StoreUnavailable('the engine answered something else')
  return given
}
