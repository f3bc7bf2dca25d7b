// Debian's Chromium without a screen, spoken to through a pipe (Chrome DevTools Protocol), also from inside a namespace.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import axe from 'axe-core'

export type Device = 'phone' | 'desktop'
const SIZES = { phone: [390, 844, true], desktop: [1280, 900, false] } as const

export type Browser = {
  /** Loads a page as a device shows it; what axe-core finds serious, and a picture (PNG) of all of it. */
  look(
    url: string,
    as: {
      readonly device: Device
      readonly dark: boolean
      /** The picture is of this element alone (a CSS selector). */
      readonly of?: string
    },
  ): Promise<{
    readonly faults: readonly string[]
    readonly picture: Buffer
    readonly wide: boolean
  }>
  /** What an expression comes to in the page that is shown. */
  run(expression: string): Promise<unknown>
  stop(): Promise<void>
}

const CHROMIUM = '/usr/bin/chromium'

/** `under`: program and arguments that run another program there. `folder`: its profile. */
export async function startChromium(under: readonly string[], folder: string): Promise<Browser> {
  const [program = CHROMIUM, ...inside] = under
  const args = [
    ...inside,
    ...(under.length > 0 ? [CHROMIUM] : []),
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--remote-debugging-pipe',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const say = talkTo(child)
  const { targetId } = await say('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await say('Target.attachToTarget', { targetId, flatten: true })
  const at = (method: string, params: object = {}) => say(method, params, String(sessionId))
  const run = async (expression: string) => {
    const given = { expression, awaitPromise: true, returnByValue: true }
    const { result } = await at('Runtime.evaluate', given)
    return (result as { readonly value: unknown }).value
  }
  return {
    run,
    look: async (url, { device, dark, of }) => {
      const [width, height, mobile] = SIZES[device]
      const media = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }
      await at('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        mobile,
        deviceScaleFactor: 1,
      })
      await at('Emulation.setEmulatedMedia', { features: [media] })
      await at('Page.navigate', { url })
      await run(LOADED)
      await run(axe.source)
      const faults = await run(
        `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
      )
      // Not `innerWidth`: on a phone it grows with what is too wide.
      const wide = await run(`document.documentElement.scrollWidth > ${width}`)
      const clip = of === undefined ? {} : { clip: await run(placeOf(of)) }
      const { data } = await at('Page.captureScreenshot', { captureBeyondViewport: true, ...clip })
      return {
        faults: faults as readonly string[],
        wide: wide === true,
        picture: Buffer.from(String(data), 'base64'),
      }
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

const LOADED =
  "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"

const placeOf = (selector: string) =>
  `(() => { const { x, y, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return { x, y, width, height, scale: 1 } })()`

type Say = (method: string, params: object, sessionId?: string) => Promise<Record<string, unknown>>

function talkTo(child: ChildProcess): Say {
  const [, , , toIt, fromIt] = child.stdio as unknown as [null, null, null, Writable, Readable]
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  let rest = ''
  fromIt.on('data', data => {
    const parts = (rest + String(data)).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const { id, result, error } = JSON.parse(part)
      if (error) waiting.get(id)?.reject(new Error(error.message))
      else waiting.get(id)?.resolve(result)
      waiting.delete(id)
    }
  })
  child.once('exit', () => {
    for (const one of waiting.values()) one.reject(new Error('Chromium has ended'))
  })
  let n = 0
  return (method, params, sessionId) => {
    n++
    const answer = Promise.withResolvers<Record<string, unknown>>()
    waiting.set(n, answer)
    toIt.write(`${JSON.stringify({ id: n, method, params, sessionId })}\0`)
    return answer.promise
  }
}
