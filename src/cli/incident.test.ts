import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { incidentCommand } from './incident.ts'

/** `cordon incident` against a server that answers so; and what it printed. */
async function incidentOver(t: TestContext, answer: RequestListener) {
  const data = mkdtempSync(join(tmpdir(), 'cordon-cli-'))
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(join(data, 'control.sock'), resolve))
  t.after(() => {
    server.close()
    rmSync(data, { recursive: true })
    process.exitCode = 0
  })
  const said: string[] = []
  const note = (words: unknown) => void said.push(String(words))
  t.mock.method(console, 'log', note)
  t.mock.method(console, 'error', note)
  const run = (...words: readonly string[]) =>
    incidentCommand().parseAsync([...words, '--data', data], { from: 'user' })
  return { said, run }
}

test('a code of a letter about port 25 is no case, and says whose request it is', async t => {
  const request = {
    id: 'o1',
    code: '9P-BQTC',
    subscriber: '10017',
    kind: 'own-server',
    destinations: [],
    addresses: [],
    state: 'open',
    askedAt: 0,
  }
  const { said, run } = await incidentOver(t, ({ url }, response) => {
    const found = url?.endsWith('/opt-outs')
    response.statusCode = found ? 200 : 404
    response.end(JSON.stringify(found ? [request] : { error: { message: 'no such case' } }))
  })
  await run('show', '9p-bqtc')
  assert.match(said.join('\n'), /9P-BQTC is no case: customer 10017 asked for port 25/)
  await run('show', 'XX-0000')
  assert.match(said.at(-1) ?? '', /no such case/)
})

test('a case says what was there before it began, and so is not in its list', async t => {
  const row = { at: 0, nats: 0.7, sum: 2.8, why: 'message to 1 recipient' }
  const incident = { id: 'i1', caseCode: 'K7-2M9Q', subject: 'line:10018', status: 'watched' }
  const { said, run } = await incidentOver(t, (_request, response) => {
    const one = { incident, decisions: [], evidence: [row], truncated: false }
    response.end(JSON.stringify(one))
  })
  await run('show', 'K7-2M9Q')
  assert.match(said.join('\n'), /2\.1 nats already when the case .*cordon evidence line:10018/)
})

test('a case that mail alone has made shows what the mail says', async t => {
  const incident = { id: 'i1', caseCode: 'K7-2M9Q', subject: 'login:anna', status: 'held' }
  const episodes = {
    subject: 'login:anna',
    decides: true,
    decision: 'hold',
    sum: 2,
    z: 9.5,
    suspicion: 10,
    kinds: ['content'],
    seen: { spamToNew: [6, 5] },
    explained: [],
    waits: [{ bucket: 'spam-to-new', recipients: 4, until: 0 }],
  }
  const { said, run } = await incidentOver(t, ({ url }, response) => {
    const one = { incident, decisions: [], evidence: [], truncated: false }
    response.end(JSON.stringify(url?.includes('/evidence/') ? { rows: [], episodes } : one))
  })
  await run('show', 'K7-2M9Q')
  assert.match(said.join('\n'), /5 of 6 scanned messages to such recipients judged spam/)
  assert.match(said.join('\n'), /waits: 4 recipients judged spam/)
  await run('show', 'K7-2M9Q', '--json')
  assert.equal(JSON.parse(said.at(-1) ?? '').episodes.suspicion, 10)
})

test('what is in force is asked for by name, and a line is shown with all its cases', async t => {
  const asked: string[] = []
  const { said, run } = await incidentOver(t, ({ url = '' }, response) => {
    asked.push(url)
    response.end(JSON.stringify({ rows: [], total: 0, truncated: false }))
  })
  await run('list', '--in-force')
  await run('show', 'line:10018')
  assert.match(asked[0] ?? '', /incidents\?inForce=true/)
  assert.match(asked[1] ?? '', /incidents\?all=true&subject=line%3A10018/)
  assert.equal(said.at(-1), 'line:10018 has no case.')
})
