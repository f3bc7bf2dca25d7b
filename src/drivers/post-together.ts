// Messages of one turn of the event loop go as one: twenty connections that speak at once wake the other side once.

import type { MessagePort } from 'node:worker_threads'

/** Returns a function that sends, with bytes to hand over where there are some. */
export function postTogether(
  port: Pick<MessagePort, 'postMessage'>,
): (message: unknown, bytes?: ArrayBuffer) => void {
  let waiting: unknown[] = []
  let handedOver: ArrayBuffer[] = []
  const flush = () => {
    const [messages, transfer] = [waiting, handedOver]
    waiting = []
    handedOver = []
    port.postMessage(messages, transfer)
  }
  return (message, bytes) => {
    if (waiting.length === 0) setImmediate(flush)
    waiting.push(message)
    if (bytes) handedOver.push(bytes)
  }
}
