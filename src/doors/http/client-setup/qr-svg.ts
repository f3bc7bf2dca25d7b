// A link as a QR code, a picture inside the page: nothing is loaded for it. Black on white, in dark pages as well, as cameras expect it.

import { html, raw } from 'hono/html'
import newCode from 'qrcode-generator'
import type { Page } from '../page.ts'

/** Characters: a code with more is too fine for a camera at a screen. */
const LONGEST = 300
/** Modules of white around it (ISO/IEC 18004). */
const QUIET = 4

/** Undefined where the link is too long. `label`: what it is, for those who do not see it. */
export function qrSvg(link: string, label: string): Page | undefined {
  if (link.length > LONGEST) return undefined
  const code = newCode(0, 'M')
  code.addData(link, 'Byte')
  code.make()
  const count = code.getModuleCount()
  const at = Array.from({ length: count }, (_, i) => i)
  const dark = at.flatMap(y => at.filter(x => code.isDark(y, x)).map(x => `M${x} ${y}h1v1h-1z`))
  const box = `${-QUIET} ${-QUIET} ${count + 2 * QUIET} ${count + 2 * QUIET}`
  return html`<svg role="img" aria-label="${label}" width="240" height="240" viewBox="${box}" shape-rendering="crispEdges"><rect x="${-QUIET}" y="${-QUIET}" width="100%" height="100%" fill="#fff"/><path d="${raw(dark.join(''))}" fill="#000"/></svg>`
}
