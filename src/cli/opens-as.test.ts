// The kernel's own answer, with a socket and a data folder of a user that is not root.

import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { asRoot } from '../../test/support/as-root.ts'
import { refusedToOwner } from './opens-as.ts'

const NOBODY = 65534

test(
  "the owner of the data folder may not open root's socket, and may open its group's",
  asRoot,
  async t => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-opens-'))
    t.after(() => rmSync(folder, { recursive: true }))
    chmodSync(folder, 0o755)
    const [socket, data] = [join(folder, 'socket'), join(folder, 'data')]
    mkdirSync(data)
    const server = createServer().listen(socket)
    t.after(() => server.close())
    await once(server, 'listening')
    chmodSync(socket, 0o600)
    const asked = () => refusedToOwner(socket, data)
    assert.equal(asked(), undefined, "root's own folder")
    assert.equal(refusedToOwner(socket, join(data, 'none')), undefined, 'not of this machine')
    chownSync(data, NOBODY, NOBODY)
    const refused = asked()
    assert.equal(refused?.why, 'EACCES')
    assert.equal(refused?.group, NOBODY)
    assert.match(refused?.rights ?? '', /^0600 of user 0, group 0$/)
    chownSync(socket, 0, NOBODY)
    assert.notEqual(asked(), undefined, 'the group may not, either')
    chmodSync(socket, 0o660)
    assert.equal(asked(), undefined)
    chmodSync(folder, 0o700)
    assert.notEqual(asked(), undefined, 'a folder on the way')
  },
)
