// The engine as a door in a worker thread sees it: the same interface, over a MessagePort.

import type { MessagePort } from 'node:worker_threads'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import type { EngineAnswer, EngineCall, FromEngine, ToEngine } from './calls.ts'

export function engineClient(port: MessagePort): Engine {
  const waiting = new Map<
    number,
    { resolve: (answer: EngineAnswer) => void; reject: (error: Error) => void }
  >()
  let n = 0
  let closed = false
  port.on('message', (answered: FromEngine) => {
    const asked = waiting.get(answered.n)
    waiting.delete(answered.n)
    if (answered.error !== undefined) asked?.reject(new StoreUnavailable(answered.error))
    else asked?.resolve(answered.answer ?? {})
  })
  port.on('close', () => {
    closed = true
    for (const { reject } of waiting.values()) reject(new StoreUnavailable('the engine is gone'))
    waiting.clear()
  })
  const send = (message: ToEngine) => port.postMessage(message)
  const ask = (call: EngineCall): Promise<EngineAnswer> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new StoreUnavailable('the engine is gone'))
      n++
      waiting.set(n, { resolve, reject })
      send({ n, ask: call })
      return undefined
    })
  const part = <T>(given: T | undefined): T => {
    if (given === undefined) throw new StoreUnavailable('the engine answered something else')
    return given
  }
  return {
    judge: async step => part((await ask({ call: 'judge', step })).judgement),
    open: async tx => {
      const draft = part((await ask({ call: 'open', tx })).draft)
      return {
        write: async chunk => void (await ask({ call: 'write', draft, chunk })),
        finish: async () => part((await ask({ call: 'finish', draft })).judgement),
        abort: async () => void (await ask({ call: 'abort', draft })),
      } satisfies Draft
    },
    report: event => send({ report: event }),
    command: async order => part((await ask({ call: 'command', order })).outcome),
  }
}
