// `npm start` as a person sees it: on a terminal of 80 columns that becomes one of 120 (a terminal emulator nobody here wrote, pyte), through a
// pipe, and its page in Chromium on a phone and a desktop, light and dark. The pictures are in docs/; CORDON_PICTURES=docs makes them anew.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { type Browser, startChromium } from '../support/chromium.ts'
import { CLI } from '../support/program.ts'

type Cell = { readonly text: string; readonly colour: string; readonly bold: boolean }
type Screen =
  | { readonly kind: 'look'; readonly lines: readonly string[]; readonly cells: Cell[][] }
  | { readonly kind: 'end'; readonly text: string }

const SCREEN = join(import.meta.dirname, '../support/screen.py')
/** Seconds since its first words, and the terminal from then on. */
const LOOKS = ['18:80x24', '24:120x40']
const SECONDS = 30

const folder = mkdtempSync(join(tmpdir(), 'cordon-pictures-'))
let browser: Browser
before(async () => {
  browser = await startChromium([], join(folder, 'chromium'))
})
after(async () => {
  await browser.stop()
  rmSync(folder, { recursive: true, force: true })
})

const townWords = (name: string, seconds = SECONDS) => [
  CLI,
  'neighbourhood',
  '--data',
  join(folder, name),
  '--seed',
  '7',
  '--seconds',
  String(seconds),
]

test('on a terminal of 80 columns and of 120: names, addresses to try, and nothing is cut in two', async () => {
  const words = [SCREEN, ...LOOKS, '--', process.execPath, ...townWords('on-terminal')]
  const child = spawn('/usr/bin/python3', words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: undefined },
  })
  const told: Screen[] = []
  for await (const line of createInterface({ input: child.stdout }))
    told.push(JSON.parse(line) as Screen)
  const looks = told.flatMap(one => (one.kind === 'look' ? [one] : []))
  assert.equal(looks.length, LOOKS.length)
  for (const [i, { lines, cells }] of looks.entries()) {
    const size = LOOKS[i]?.split(':')[1] ?? ''
    const [title, page, portal, counts] = lines
    assert.match(title ?? '', /^Cordon in its neighbourhood, seed 7\. Ctrl-C ends it\.$/)
    assert.match(page ?? '', /^live page {2}http:\/\/127\.0\.0\.1:\d+\/$/)
    assert.match(
      portal ?? '',
      /^portal {5}http:\/\/127\.0\.0\.1:\d+\/ {2}log in as [a-z]+ with \S+$/,
    )
    assert.match(
      counts ?? '',
      /^taken \d+ {3}delivered \d+ {3}held \d+ {3}contained \d+ {3}released/,
    )
    const screen = lines.join('\n')
    assert.match(screen, /^[a-z]+'s line +[█░│]{30} +\d+\.\d {2}\w+/m, size)
    assert.doesNotMatch(screen, /(?:line|login):[a-z]/, size)
    // A line that the terminal had to break would begin without a time.
    for (const line of lines.slice(4).filter(one => one !== '' && !/[█░]/.test(one)))
      assert.match(line, /^\d\d:\d\d:\d\dZ {2}/, size)
    await photographed(`start-${size}`, cells)
  }
  const [end] = told.flatMap(one => (one.kind === 'end' ? [one.text] : []))
  assert.match(end ?? '', /^bot +kind +attempts +out +held +refused +contained by/m)
})

test('its page on a phone and a desktop, light and dark: axe-core finds nothing serious, and nothing is scrolled sideways', async () => {
  const child = spawn(process.execPath, townWords('on-page', 300), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    // Until a bot is contained: then there is something to look at.
    const page = await new Promise<string>((resolve, reject) => {
      let address = ''
      child.once('exit', () => reject(new Error('npm start ended')))
      createInterface({ input: child.stdout }).on('line', line => {
        address ||= /^live page {2}(\S+)$/.exec(line)?.[1] ?? ''
        if (/isolated|stopped/.test(line)) resolve(address)
      })
    })
    for (const device of ['phone', 'desktop'] as const)
      for (const dark of [false, true]) {
        const shot = `page-${device}-${dark ? 'dark' : 'light'}`
        const { faults, wide, picture } = await browser.look(page, { device, dark })
        assert.deepEqual(faults, [], shot)
        assert.ok(!wide, `${shot} has to be scrolled sideways`)
        const words = String(await browser.run('document.body.innerText'))
        assert.match(words, /^line:[a-z]+/m, shot)
        const docs = process.env['CORDON_PICTURES']
        if (docs !== undefined) writeFileSync(join(docs, `${shot}.png`), picture)
      }
  } finally {
    child.kill('SIGINT')
    await ended
  }
})

test('through a pipe the same is said in lines', async () => {
  const child = spawn(process.execPath, townWords('in-pipe'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (/ {2}[a-z]+'s line {2}\+/.test(line)) break
  }
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
  assert.match(
    lines.slice(0, 3).join('\n'),
    /^Cordon in .*\nlive page {2}http.*\nportal {5}http.* log in as/,
  )
  for (const line of lines) assert.ok(!line.includes('\x1b') && !/line:[a-z]/.test(line), line)
})

/** The screen as a picture; axe-core and its contrast have nothing to say of a terminal. */
async function photographed(name: string, cells: readonly (readonly Cell[])[]): Promise<void> {
  const docs = process.env['CORDON_PICTURES']
  if (docs === undefined) return
  const file = join(folder, `${name}.html`)
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const rows = cells.map(row =>
    row
      .map(
        ({ text, colour, bold }) =>
          `<i class="${colour}${bold ? ' bold' : ''}">${escaped(text)}</i>`,
      )
      .join(''),
  )
  writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><title>${name}</title>${STYLE}<pre>${rows.join('\n')}</pre>`,
  )
  const { picture } = await browser.look(`file://${file}`, {
    device: 'desktop',
    dark: true,
    of: 'pre',
  })
  writeFileSync(join(docs, `${name}.png`), picture)
}

const STYLE =
  '<style>body{margin:0;background:#16181d;color:#d7dae0}pre{display:inline-block;margin:0;padding:12px;font:14px/1.25 "DejaVu Sans Mono",monospace}i{font-style:normal}.bold{font-weight:700}.red{color:#ff6b6b}.green{color:#7bd88f}.brown{color:#fce566}</style>'
