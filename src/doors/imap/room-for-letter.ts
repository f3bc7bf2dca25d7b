// A letter that is written in order; what fails is kept until the whole message is here, because its bytes are to be read all the same.

import type { LetterIn } from '../../gateway/letter-in.ts'

export function roomFor(letter: LetterIn) {
  let last = Promise.resolve()
  const room = {
    failed: undefined as unknown,
    write: (bytes: Buffer): Promise<void> => {
      last = last.then(async () => {
        if (room.failed) return
        await letter.write(bytes).catch((error: unknown) => {
          room.failed = error ?? new Error('it cannot be stored')
        })
      })
      return last
    },
    done: () => last,
  }
  return room
}
