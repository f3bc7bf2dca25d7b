// Lets a door in a worker thread use the engine of this one: the other end of engine-client.ts.

import type { MessagePort } from 'node:worker_threads'
import type { Draft, Engine } from '../../ports/engine.ts'
import type { EngineAnswer, EngineCall, FromEngine, ToEngine } from './calls.ts'

/** Answers what comes through the port until it is closed; messages left unfinished then are dropped. */
export function serveEngine(engine: Engine, port: MessagePort): void {
  const drafts = new Map<number, Draft>()
  let opened = 0

  const draftOf = (id: number): Draft => {
    const draft = drafts.get(id)
    if (!draft) throw new Error(`there is no unfinished message ${id}`)
    return draft
  }
  const answer = async (ask: EngineCall): Promise<EngineAnswer> => {
    switch (ask.call) {
      case 'judge':
        return { judgement: await engine.judge(ask.step) }
      case 'open':
        opened++
        drafts.set(opened, await engine.open(ask.tx))
        return { draft: opened }
      case 'write':
        await draftOf(ask.draft).write(ask.chunk)
        return {}
      case 'finish': {
        const draft = draftOf(ask.draft)
        drafts.delete(ask.draft)
        return { judgement: await draft.finish() }
      }
      case 'abort':
        await drafts.get(ask.draft)?.abort()
        drafts.delete(ask.draft)
        return {}
      case 'command':
        return { outcome: await engine.command(ask.order) }
      default:
        return ask satisfies never
    }
  }
  port.on('message', (message: ToEngine) => {
    if ('report' in message) return engine.report(message.report)
    const { n, ask } = message
    const reply = (answered: FromEngine) => port.postMessage(answered)
    answer(ask).then(
      given => reply({ n, answer: given }),
      error => reply({ n, error: String(error) }),
    )
    return undefined
  })
  port.on('close', () => {
    for (const draft of drafts.values()) void draft.abort().catch(() => undefined)
    drafts.clear()
  })
}
