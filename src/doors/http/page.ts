// What all pages for people outside have in common: how they look, and how they tell the time.

import { html, raw } from 'hono/html'
import type { Language } from '../../model/subscriber.ts'
import type { OwnLook } from '../../model/own-look.ts'
import { minuteIn } from '../../model/local-time.ts'

export type Page = ReturnType<typeof html>

const STYLE = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText } a { color: LinkText } body { font: 17px/1.55 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem } form { margin: .6rem 0 } label { display: block; margin: .6rem 0 }
input { font: inherit; padding: .4rem; width: 100%; max-width: 22rem; box-sizing: border-box; display: block }
select { font: inherit; padding: .4rem; display: block } label.check { display: flex; gap: .5rem; align-items: center; margin: .3rem 0 } label.check input { width: auto }
.secret { font: 1.15rem ui-monospace, monospace; user-select: all } button { font: inherit; padding: .45rem 1rem; border-radius: .4rem; border: 1px solid #8888; cursor: pointer }
button.main { background: var(--own); color: #fff; border-color: var(--own) } .card { border: 1px solid #8886; border-radius: .6rem; padding: .3rem 1.1rem; margin: 1rem 0 }
.said { background: #1a6b4a22; border-radius: .4rem; padding: .6rem 1rem } .problem { background: #c2222222; border-radius: .4rem; padding: .6rem 1rem }
img.mark { max-width: 100%; max-height: 4rem }
dt { opacity: .7; font-size: .9rem; margin-top: .6rem } dd { margin: 0 }
.row { display: flex; gap: .5rem; align-items: center; flex-wrap: wrap } .row span { flex: 1 1 12rem } .row input { flex: 1 1 10rem; width: auto } .row input[type=checkbox] { flex: none } .quiet { opacity: .7; font-size: .9rem }
`

/** Of an operator that has set nothing. */
const OWN = '#1a6b4a'

/** `name`: of the provider, for people who do not see the mark. */
export type PageLook = { readonly look?: OwnLook | undefined; readonly name: string }

/** The page as the operator wants it to look. */
export function ownPage(title: string, body: Page, lang: Language, { look, name }: PageLook): Page {
  const logo = look?.logo()
  const words = look?.words?.[lang]
  const head = logo === undefined ? '' : html`<p><img class="mark" src="${logo}" alt="${name}"></p>`
  const foot = words === undefined ? '' : html`<footer><p class="quiet">${words}</p></footer>`
  return page(title, html`${head}${body}${foot}`, lang, look?.colour)
}

export function page(title: string, body: Page, lang = 'en', colour = OWN): Page {
  return html`<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>:root { --own: ${raw(colour)} }${raw(STYLE)}</style></head><body>${body}</body></html>`
}

/** For people anywhere. */
export const moment = (at: number): string => minuteIn('UTC', at)
