// The portal in Chromium: logging in, and the page of a customer with a case and messages that wait, in each language, on a phone and on a
// desktop, light and dark. axe-core finds nothing serious, and the keyboard reaches every button.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { LANGUAGES, type Language } from '../../src/model/subscriber.ts'
import { type Browser, startChromium } from '../support/chromium.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const PASSWORD = 'a password'
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><circle cx="20" cy="20" r="18" fill="#7a0019"/></svg>'
const folder = mkdtempSync(join(tmpdir(), 'cordon-portal-pictures-'))
let served: Served
let browser: Browser
let portal: string

before(async () => {
  const hash = await hashPassword(PASSWORD, { memory: 8, passes: 1 })
  served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
provider: Example Net
holdDelivery: true
listeners: [{ kind: submission, port: 0 }]
quotas: [{ name: burst, per: [login], limit: 1, in: 1h, over: hold }]
http:
  console: { port: 0 }
  portal: { port: 0 }
  look:
    colour: "#7a0019"
    logo: FOLDER/logo.svg
    words: { en: "Open from 8 to 18.", de: "Von 8 bis 18 Uhr.", fr: "De 8 h à 18 h." }
subscribers:
${LANGUAGES.map(id => `  - { id: ${id}, language: ${id}, portalPasswordHash: "${hash}", logins: [{ name: ${id}@isp.example, passwordHash: "${hash}" }] }`).join('\n')}
`,
    async made => writeFileSync(join(made, 'logo.svg'), SVG),
  )
  portal = /portal on (\S+)/.exec(served.said)?.[1] ?? ''
  browser = await startChromium([], join(folder, 'chromium'))
})
after(async () => {
  await browser?.stop()
  await served?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Three messages, of which two are more than is sent at once. */
async function sendsTooMuch(login: string): Promise<void> {
  const session = await talk(served.ports[0] ?? 0)
  await session.say('EHLO client.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO client.example\r\n')
  const plain = Buffer.from(`\0${login}\0${PASSWORD}`).toString('base64')
  assert.match(await session.say(`AUTH PLAIN ${plain}\r\n`), /^235/)
  for (let i = 0; i < 3; i++) {
    await session.say(`MAIL FROM:<${login}>\r\n`)
    await session.say(`RCPT TO:<friend${i}@meadow.example>\r\n`)
    await session.say('DATA\r\n')
    const text = `From: ${login}\r\nSubject: Photos ${i}\r\n\r\nhello\r\n.\r\n`
    assert.match(await session.say(text), /^250/)
  }
  session.end()
}

/** As a customer would, by the form. */
async function logsIn(customer: Language): Promise<void> {
  const shown = async (what: string) =>
    (await browser.run(`document.readyState === 'complete' && ${what}`).catch(() => false)) === true
      ? true
      : undefined
  const form = 'document.querySelector(\'form[action="/login"]\')'
  await eventually(() => shown(`${form} !== null`))
  await browser.run(
    `(form => { form.customer.value = '${customer}'; form.password.value = '${PASSWORD}'; form.requestSubmit() })(${form})`,
  )
  await eventually(() => shown(`${form} === null && document.querySelector('h2') !== null`))
}

async function looksWell(name: string): Promise<void> {
  for (const device of ['phone', 'desktop'] as const)
    for (const dark of [false, true]) {
      const shot = `${name}-${device}-${dark ? 'dark' : 'light'}`
      const { faults, wide, picture } = await browser.look(portal, { device, dark })
      assert.deepEqual(faults, [], shot)
      assert.ok(!wide, `${shot} has to be scrolled sideways`)
      assert.ok(picture.length > 5000, shot)
      const pictures = process.env['CORDON_PICTURES']
      if (pictures !== undefined) writeFileSync(join(pictures, `${shot}.png`), picture)
    }
}

test('the page to log in', async () => {
  await looksWell('portal-login')
})

for (const language of LANGUAGES)
  test(`the page of a customer with a case and messages that wait: ${language}`, async () => {
    await sendsTooMuch(`${language}@isp.example`)
    const order = await cordon(
      ...([
        served.folder,
        'incident',
        'impose',
        `line:${language}`,
        'isolate',
        '--why',
        'a test',
      ] as const),
    )
    assert.equal(order.code, 0, order.output)
    await browser.look(portal, { device: 'phone', dark: false })
    await logsIn(language)
    await looksWell(`portal-${language}`)
    assert.equal(await browser.run('document.documentElement.lang'), language)
    assert.equal(
      await browser.run('document.querySelectorAll(\'form[action="/orders"]\').length'),
      2,
    )
    // Every button and field is where Tab goes.
    assert.equal(
      await browser.run(
        "[...document.querySelectorAll('button, select, input:not([type=hidden])')].filter(one => one.tabIndex < 0).length",
      ),
      0,
    )
    await browser.run('document.querySelector(\'form[action="/logout"]\').submit()')
  })
