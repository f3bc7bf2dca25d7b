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

test('only what a server says of itself is edited: not the subject of a letter, nor the name of a folder', () => {
  const how = { sends: true }
  for (const line of [
    '* 1 FETCH (ENVELOPE ("x" "[CAPABILITY foo" NIL))\r\n',
    '* 1 FETCH (ENVELOPE ("x" "[CAPABILITY STARTTLS] x" NIL))\r\n',
    '* LIST () "/" "[CAPABILITY foo"\r\n',
    '* OK mail [CAPABILITY STARTTLS]\r\n',
    'a OK done [CAPABILITY STARTTLS]\r\n',
  ]) {
    assert.equal(editedLine(line, how), line)
    assert.equal(capabilitiesIn(line), undefined)
  }
  for (const word of ['OK', 'NO', 'BAD', 'PREAUTH', 'BYE'])
    assert.equal(
      editedLine(`* ${word} [CAPABILITY A STARTTLS] x\r\n`, { sends: false }),
      `* ${word} [CAPABILITY A] x\r\n`,
    )
})
