// The live view as one page without a build: events as they come, sums rising towards their thresholds, decisions.

import { html, raw } from 'hono/html'

const STYLE = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; --line: #8884; --warm: #c60; --hot: #c22; --calm: #2a7; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1100px; padding: 1rem 1.5rem; }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.5rem 0 .4rem }
.lead { opacity: .75; margin: 0 0 1rem } .tiles { display: flex; gap: 1rem; flex-wrap: wrap }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; min-width: 7rem }
.tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top }
.bar { position: relative; height: .8rem; background: var(--line); border-radius: .4rem; min-width: 12rem }
.bar i { position: absolute; inset: 0 auto 0 0; background: var(--warm); border-radius: .4rem } .bar.hot i { background: var(--hot) } .bar.calm i { background: var(--calm) }
.bar u { position: absolute; top: -.15rem; bottom: -.15rem; width: 2px; background: currentColor; opacity: .6 }
#log { font: 13px/1.5 ui-monospace, monospace; height: 22rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem }
#log:empty { height: auto } #log div { white-space: pre-wrap; overflow-wrap: anywhere } .t { opacity: .75 } .d { color: var(--hot); font-weight: 600 } .r { color: var(--calm) }
.state { border-radius: 1rem; padding: 0 .6rem; border: 1px solid var(--line); white-space: nowrap }
@media (prefers-color-scheme: dark) { :root { --hot: #ff7070; --warm: #f0a040; --calm: #4cc98f } }
@media (max-width: 700px) {
  body { padding: .8rem } .tiles { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem } .tile { min-width: 0 }
  thead { position: absolute; clip-path: inset(50%) } table, tbody { display: block }
  tr { display: grid; grid-template-columns: 1fr auto auto; gap: .3rem .6rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
  td { border: 0; padding: 0; overflow-wrap: anywhere } td:first-child { font-weight: 600 }
  td:nth-child(2) { grid-area: 2 / 1 / auto / -1 } td:nth-child(5) { grid-column: 1 / -1 }
}
`

const SCRIPT = `
const sums = new Map(), n = { messages: 0, delivered: 0, held: 0, contained: 0 }
const by = id => document.getElementById(id)
const time = at => new Date(at).toISOString().slice(11, 19) + 'Z'
function cell(row, text) { const td = document.createElement('td'); td.textContent = text; row.append(td); return td }
function log(at, text, cls) {
  const line = document.createElement('div'), t = document.createElement('span')
  t.className = 't'; t.textContent = time(at) + '  '
  const rest = document.createElement('span'); rest.textContent = text; if (cls) rest.className = cls
  line.append(t, rest); const box = by('log'); box.prepend(line)
  while (box.childElementCount > 300) box.lastChild.remove()
}
function draw() {
  for (const key of Object.keys(n)) by(key).textContent = n[key]
  const body = by('sums'); body.replaceChildren()
  const rows = [...sums.values()].sort((a, b) => b.sum - a.sum).slice(0, 20)
  for (const one of rows) {
    const row = document.createElement('tr'); cell(row, one.subject); const td = cell(row, '')
    const bar = document.createElement('div'), full = Math.max(one.containAt * 1.2, one.sum)
    bar.className = 'bar ' + (one.state === 'contained' ? 'hot' : one.state === 'probation' ? 'calm' : '')
    const fill = document.createElement('i'); fill.style.width = 100 * one.sum / full + '%'; bar.append(fill)
    for (const mark of [one.holdAt, one.containAt]) { const u = document.createElement('u'); u.style.left = 100 * mark / full + '%'; bar.append(u) }
    bar.title = one.sum.toFixed(1) + ' nats; held at ' + one.holdAt.toFixed(1) + ', contained at ' + one.containAt.toFixed(1)
    // What waits in the window has no sum.
    if (one.sum > 0) td.append(bar)
    cell(row, one.sum > 0 ? one.sum.toFixed(1) : '')
    const state = document.createElement('span'); state.className = 'state'; state.textContent = one.state; cell(row, '').append(state); cell(row, one.why); body.append(row)
  }
}
const words = { isolate: 'line isolated', 'stop-login': 'login stopped', hold: 'mail with evidence held', suspend: 'suspended', 'redirect-25': 'port 25 redirected', watch: 'watched' }
// What was open before this page was loaded.
async function before(after) {
  const answer = await fetch('api/v1/incidents' + (after ? '?after=' + encodeURIComponent(after) : ''))
  const { rows, next } = await answer.json()
  for (const one of rows.toSorted((a, b) => a.changedAt - b.changedAt)) {
    log(one.changedAt, one.subject + '  ' + one.caseCode + ': ' + one.summary, one.status === 'probation' ? 'r' : 'd')
    const known = sums.get(one.subject)
    if (known) known.state = one.status
    else sums.set(one.subject, { subject: one.subject, sum: one.status === 'probation' ? 0 : one.sum, holdAt: one.holdAt, containAt: one.containAt, why: one.summary, state: one.status })
    if (one.status === 'contained') n.contained++
    if (one.status === 'held') n.held++
  }
  draw()
  if (next) await before(next)
}
before()
new EventSource('live').onmessage = m => {
  const e = JSON.parse(m.data)
  if (e.kind === 'tx-commit' && e.listener !== 'internal') n.messages++
  if (e.kind === 'delivery-done') n.delivered++
  if (e.kind === 'evidence-weighed') {
    const old = sums.get(e.subject)
    sums.set(e.subject, { subject: e.subject, sum: e.sum, holdAt: e.holdAt, containAt: e.containAt, why: e.why, state: old?.state ?? 'watched' })
    log(e.at, e.subject + '  +' + e.nats.toFixed(1) + ' = ' + e.sum.toFixed(1) + '  ' + e.why)
  }
  if (e.kind === 'incident-opened' || e.kind === 'incident-changed') {
    const old = sums.get(e.subject); if (old) { old.state = e.status; if (e.status === 'probation') old.sum = 0 }
    if (e.status === 'contained') log(e.at, e.subject + '  ' + e.caseCode + ': ' + e.summary, 'd')
  }
  if (e.kind === 'decision-made') { if (e.what === 'hold') n.held++; else n.contained++; log(e.at, e.subject + '  ' + words[e.what], 'd') }
  if (e.kind === 'decision-observed') log(e.at, e.subject + '  would be decided: ' + e.what + ' (observed only)', 'd')
  if (e.kind === 'decision-ended' && e.endedBy !== 'stronger') log(e.at, e.subject + '  ' + words[e.what] + ': over (' + e.endedBy + ')', 'r')
  if (e.kind === 'action-done') log(e.at, e.driver + '  ' + e.prefix + ' -> ' + e.state + (e.failed ? ' FAILED: ' + e.failed : ''))
  if (e.kind === 'journal-gap') log(e.at, e.lost + ' events are not shown: there were too many at once', 'd')
  if (e.kind === 'notice-sent') log(e.at, 'notice to ' + e.to + ' (' + e.notice + ')')
  if (e.kind === 'alarm-raised') log(e.at, 'ALARM ' + e.alarm + ': ' + e.about + ' says ' + e.words, 'd')
  if (e.kind === 'judged') log(e.at, (e.who.login ?? e.who.address) + '  ' + e.verdict + ' by ' + e.rule + (e.observed ? ' (observed only)' : ''))
  draw()
}
`

export function livePage() {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Cordon, live</title><style>${raw(STYLE)}</style></head>
<body>
<h1>Cordon</h1>
<p class="lead">What happens now. A bar is the evidence against one line or login; the first mark is where its mail waits, the second where it is contained.</p>
<div class="tiles">
<div class="tile"><b id="messages">0</b>messages taken</div>
<div class="tile"><b id="delivered">0</b>recipients reached</div>
<div class="tile"><b id="held">0</b>holds</div>
<div class="tile"><b id="contained">0</b>contained</div>
</div>
<h2>Evidence</h2>
<table><thead><tr><th>Line or login</th><th>Sum</th><th></th><th>State</th><th>Last seen</th></tr></thead><tbody id="sums"></tbody></table>
<h2>Events</h2>
<div id="log" role="log"></div>
<script>${raw(SCRIPT)}</script>
</body></html>`
}
