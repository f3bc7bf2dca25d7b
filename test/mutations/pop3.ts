// What the POP3 gateway promises: what is handed in is sent once, as over SMTP, and reading is as without it.

import type { Mutation } from './mutation.ts'

const DOOR = 'test/doors/pop3-gateway.test.ts'
const row = 12

export const POP3: readonly Mutation[] = [
  {
    row,
    what: 'a message over POP3 is sent before its dot',
    file: 'src/doors/pop3/take-message.ts',
    find: 'if (!isWhole || !parts.begins()) return false',
    replace: 'if (!isWhole && letter.size < 20) return false',
    test: DOOR,
    name: 'cut at every byte of XTND XMIT a message is sent not at all; whole it is sent once, also when it is said again',
  },
  {
    row,
    what: 'what may be taken later is refused behind the dot, and given up',
    file: 'src/doors/pop3/take-message.ts',
    find: "asked.kind === 'defer'",
    replace: "asked.kind === 'cannot'",
    test: DOOR,
    name: 'what may be taken later is refused at the command, what never will behind the dot, and a large one is read away',
  },
  {
    row,
    what: 'a command whose answer is not known is passed on',
    file: 'src/doors/pop3/command-line.ts',
    find: 'const answer = Object.hasOwn(ANSWERS, verb) ? ANSWERS[verb] : undefined',
    replace: "const answer = ANSWERS[verb] ?? 'line'",
    test: DOOR,
    name: 'pipelined commands are answered in their order; lines up to a dot are passed on whole, and capabilities are edited',
  },
  {
    row,
    what: 'the end of lines is not seen where two reads meet',
    file: 'src/doors/pop3/responses.ts',
    find: 'const across = seam.indexOf(END)',
    replace: 'const across = seam.length > 0 ? -1 : 0',
    test: DOOR,
    name: 'lines up to a dot end where they end, however they are cut',
  },
  {
    row,
    what: 'the sessions of a stopped login go on over POP3',
    file: 'src/gateway/client-connection.ts',
    find: 'cut: () => this.#cut(),',
    replace: 'cut: () => {},',
    test: DOOR,
    name: 'a session that is cut ends within a second, and one that takes a message answers that first',
  },
  {
    row,
    what: 'a mailbox that is in use is taken for a wrong password',
    file: 'src/doors/pop3/back-end-talk.ts',
    find: '(?:IN-USE|LOGIN-DELAY|',
    replace: '(?:LOGIN-DELAY|',
    test: DOOR,
    name: 'wrong passwords feed the brake, a mailbox that is in use does not',
  },
  {
    row,
    what: 'QUIT that was written without having read the answer is taken for hearing it',
    file: 'src/doors/pop3/connection.ts',
    find: 'if (await client.hearsGoodbye(source, async () => (await take()) && side.quiet()))',
    replace: 'if (await take())',
    test: DOOR,
    name: 'what a client writes without having read the answer says nothing of it: the same again is sent once',
  },
]
