// A customer at the portal with curl, from wherever they sit, and with the codes of oathtool, as people have them on a telephone.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './serve.ts'

export type Visit = {
  /** The page after a form was sent. */
  send(order: string, fields?: Readonly<Record<string, string>>): Promise<string>
  /** What it says on top. */
  post(order: string, fields?: Readonly<Record<string, string>>): Promise<string>
  page(): Promise<string>
  login(subscriber: string, password: string, factor?: string): Promise<string>
}

export function visit(portal: string, under: readonly string[] = []): Visit {
  const jar = join(mkdtempSync(join(tmpdir(), 'cordon-visit-')), 'cookies')
  const curl = async (...words: readonly string[]) => {
    const [program = '', ...rest] = [...under, 'curl', '-sS', '-L', '-b', jar, '-c', jar, ...words]
    const { code, output } = await run(program, rest)
    if (code !== 0) throw new Error(output)
    return output
  }
  const form = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
  const page = () => curl(portal)
  const send = async (order: string, fields: Readonly<Record<string, string>> = {}) => {
    const token = /name="token" value="([^"]+)"/.exec(await page())?.[1] ?? ''
    return curl(...form({ token, order, ...fields }), `${portal}order`)
  }
  return {
    page,
    login: (subscriber, password, factor = '') =>
      curl(...form({ customer: subscriber, password, factor }), `${portal}login`),
    send,
    post: async (order, fields = {}) => {
      const html = await send(order, fields)
      return /role="status">([^<]*)</.exec(html)?.[1] ?? html
    },
  }
}

/** The code a telephone shows at some seconds from now. */
export async function codeOf(secret: string, seconds = 0): Promise<string> {
  const at = new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const { code, output } = await run('oathtool', ['--totp', '-b', '--now', `${at} UTC`, secret])
  if (code !== 0) throw new Error(output)
  return output.trim()
}
