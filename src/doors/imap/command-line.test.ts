import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  appendArguments,
  astring,
  commandLine,
  isUnclear,
  literalOf,
  messageSet,
} from './command-line.ts'

test('a command has a tag and a verb; of UID both words', () => {
  assert.deepEqual(commandLine('a1 uid copy 5 Send\r\n'), {
    tag: 'a1',
    verb: 'UID COPY',
    rest: '5 Send',
  })
  assert.deepEqual(commandLine('x NOOP\r\n'), { tag: 'x', verb: 'NOOP', rest: '' })
  assert.equal(commandLine('DONE\r\n')?.verb, '')
  for (const line of [' NOOP\r\n', '* OK\r\n', '+ x\r\n', '\r\n', '{3}\r\n'])
    assert.equal(commandLine(line), undefined, line)
})

test('a literal is counted where all servers see one, and said to be unclear where only some do', () => {
  assert.deepEqual(literalOf('a APPEND Send {12}\r\n'), { size: 12, waits: true })
  assert.deepEqual(literalOf('a APPEND Send ~{12+}\n'), { size: 12, waits: false })
  assert.deepEqual(literalOf('a X ({2147483648+}\r\n'), { size: 2_147_483_648, waits: false })
  for (const line of ['a X "{3}"\r\n', 'a X {3} \r\n', 'a X {}\r\n', 'a X {-3}\r\n', 'a X {3}'])
    assert.equal(literalOf(line), undefined, line)
  assert.ok(isUnclear('a SEARCH foo{5+}\r\n'))
  assert.ok(!isUnclear('a SEARCH foo{5}\r\n'))
  for (const line of ['a X "y {3+}\r\n', 'a X "y\\" {3}\r\n', 'a X (\\Seen "y\r\n', 'a X \\"y\r\n'])
    assert.ok(isUnclear(line), line)
  for (const line of ['a X "y\\"" {3+}\r\n', 'a X (\\Seen) "y\\\\" z\r\n'])
    assert.ok(!isUnclear(line), line)
})

test('a mailbox is an atom or a quoted string, and nothing else', () => {
  assert.deepEqual(astring('INBOX.Send (\\Seen)'), { value: 'INBOX.Send', rest: '(\\Seen)' })
  assert.deepEqual(astring('"Zu \\"senden\\""'), { value: 'Zu "senden"', rest: '' })
  assert.deepEqual(astring('"S\\end" x'), { value: 'Send', rest: 'x' })
  assert.deepEqual(messageSet('1:*,$ Send'), { value: '1:*,$', rest: 'Send' })
  for (const text of ['', '(a)', '"a', '"a"b', '{3}', '%'])
    assert.equal(astring(text), undefined, text)
})

test('APPEND says flags, a date and one literal; in any other form it is not read', () => {
  assert.deepEqual(appendArguments('{5}'), { flags: [], inUtf8: false })
  assert.deepEqual(appendArguments('(\\Seen \\Draft) " 1-Jan-2026 10:00:00 +0100" UTF8 (~{5+}'), {
    flags: ['\\Seen', '\\Draft'],
    inUtf8: true,
  })
  for (const text of ['CATENATE (TEXT {5}', '(\\Seen', '"yesterday" {5}', '(a) (b) {5}'])
    assert.equal(appendArguments(text), undefined, text)
})
