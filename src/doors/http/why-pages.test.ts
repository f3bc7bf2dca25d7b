import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf } from '../../model/event.ts'
import { whyPage } from './why-pages.ts'

const refused = (
  more: Partial<EventOf<'step-judged'>>,
  listener: 'submission' | 'inbound' = 'submission',
): Promise<string> => {
  const event: EventOf<'step-judged'> = {
    kind: 'step-judged',
    id: 'n.1',
    seq: 1,
    at: 0,
    who: { realm: 'main', address: '192.0.2.7', sure: 'unknown' },
    step: { listener, stage: 'message', helo: 'pc' },
    verdict: 'reject',
    ...more,
  }
  const view = { provider: 'ISP', postmaster: 'postmaster@isp.example' }
  return new Response(whyPage(view, event, undefined) as unknown as string).text()
}

test('the page says what was wrong, in the words of the reply, and nothing of it is HTML', async () => {
  const found = 'put the name in double quotes, it holds @; may be read as <b>a@x</b>'
  const shown = await refused({ reason: 'from-unclear', rule: 'sender-belongs', saw: { found } })
  assert.match(shown, /What was wrong<\/dt><dd>put the name in double quotes, it holds @/)
  assert.match(shown, /&lt;b&gt;a@x/)
})

test('a customer has a computer, a stranger a server', async () => {
  assert.match(await refused({}), /Your computer<\/dt><dd>192\.0\.2\.7/)
  assert.match(await refused({}, 'inbound'), /Your server<\/dt><dd>192\.0\.2\.7/)
})
