import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parsePasswords, passwordFile } from './password-file.ts'
import { hashPassword, matches, parseHash } from './password-hash.ts'
import { passwordHook } from './password-hook.ts'

const CHEAP = { memory: 8, passes: 1 }

test('hashes of other programs are read, and those that would cost too much are not', async () => {
  // echo -n secret | argon2 somesaltsome -id -m 8 -t 2 -p 1 -e
  const phc = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21l$'
  assert.equal(parseHash(phc), undefined, 'without its tag')
  const ours = await hashPassword('secret', CHEAP)
  const [, , , salt = '', tag = ''] = ours.split('$')
  const strip = (text: string) => text.replace(/=+$/, '')
  const same = `$argon2id$v=19$m=8,t=1,p=1$${strip(salt)}$${strip(tag)}`
  for (const hash of [ours, same]) {
    assert.equal(await matches(hash, 'secret'), true)
    assert.equal(await matches(hash, 'Secret'), false)
  }
  assert.equal(parseHash(same.replace('m=8', 'm=99999999')), undefined)
  assert.equal(await matches('sha1$x', 'secret'), false)
  assert.equal(await matches(undefined, ''), false)
})

test('a password file, ours or Dovecot’s, is read again when it changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-passwords-'))
  const path = join(folder, 'users')
  const said: unknown[] = []
  const file = passwordFile(path, error => void said.push(error))
  assert.equal(await file.check('anna@isp.example', 'secret'), undefined)
  assert.equal(said.length, 1)
  const hash = await hashPassword('secret', CHEAP)
  writeFileSync(
    path,
    `# ours\nAnna@isp.example:${hash}\nbert@isp.example:{ARGON2ID}${hash}:1000:1000::/home\nno line\n`,
  )
  assert.deepEqual([...parsePasswords(`x:{ARGON2ID}${hash}:1`)], [['x', hash]])
  await new Promise(resolve => setTimeout(resolve, 1050))
  assert.equal(await file.check('anna@isp.example', 'secret'), true)
  assert.equal(await file.check('bert@isp.example', 'wrong'), false)
  assert.equal(await file.check('carl@isp.example', 'secret'), undefined)
  rmSync(folder, { recursive: true })
})

test('a hook says yes, no, never heard of, or nothing', async t => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      asked.push(body)
      const { login } = JSON.parse(body) as { login: string }
      if (login === 'silent') return
      const status = { yes: 200, no: 401, gone: 404, moved: 302 }[login] ?? 500
      response.writeHead(status, { Location: '/elsewhere' }).end('{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const bound = server.address()
  const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}/`
  const said: unknown[] = []
  const trouble = (error: unknown) => void said.push(error)
  // The server has the time to answer, however busy the machine is.
  const hook = passwordHook({ url, timeout: 60_000 }, trouble)
  const hasty = passwordHook({ url, timeout: 200 }, trouble)
  assert.equal(await hook.check('yes', 'a "password"'), true)
  assert.equal(await hook.check('no', 'x'), false)
  assert.equal(await hook.check('gone', 'x'), undefined)
  assert.deepEqual(said, [])
  for (const login of ['broken', 'moved']) assert.equal(await hook.check(login, 'x'), 'busy')
  assert.equal(await hasty.check('silent', 'x'), 'busy')
  assert.equal(said.length, 3)
  assert.equal(asked[0], '{"login":"yes","password":"a \\"password\\""}')
  assert.equal(asked.length, 6, 'a redirect was followed')
})
