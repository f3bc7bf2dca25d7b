import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilitiesIn, editedLine, offered } from './capabilities.ts'

const ALL = 'IMAP4rev1 AUTH=PLAIN COMPRESS=DEFLATE IDLE catenate URLAUTH=BINARY MULTIAPPEND REPLACE'

test('what a gateway cannot follow is not offered, in every place where a server says it', () => {
  const how = { sends: false }
  assert.deepEqual(offered(ALL.split(' '), how), ['IMAP4rev1', 'IDLE'])
  assert.equal(editedLine(`* CAPABILITY ${ALL}\r\n`, how), '* CAPABILITY IMAP4rev1 IDLE\r\n')
  assert.equal(
    editedLine(`a OK [CAPABILITY ${ALL}] in\r\n`, how),
    'a OK [CAPABILITY IMAP4rev1 IDLE] in\r\n',
  )
  assert.equal(editedLine('* OK hello\r\n', how), '* OK hello\r\n')
})

test('sending is offered where there is a folder for it', () => {
  assert.deepEqual(offered(['IMAP4rev1', 'SUBMIT'], { sends: true }), [
    'IMAP4rev1',
    'SUBMIT',
    'X-DRAFT-I01-SENDMAIL',
  ])
  assert.deepEqual(capabilitiesIn('c1 OK [CAPABILITY A B] x\r\n'), ['A', 'B'])
  assert.equal(capabilitiesIn('c1 OK x\r\n'), undefined)
})
