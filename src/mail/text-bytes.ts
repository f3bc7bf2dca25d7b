// Whether bytes may be text, in whatever character set: no control characters but those that stand in text.

const [BELL, BACKSPACE, ESCAPE, SPACE, DELETE] = [0x07, 0x08, 0x1b, 0x20, 0x7f]

export const isTextBytes = (bytes: Buffer): boolean => bytes.every(isOfText)

const isOfText = (byte: number): boolean =>
  byte >= SPACE
    ? byte !== DELETE
    : byte > BACKSPACE
      ? byte <= 0x0d || byte === ESCAPE
      : byte === BELL
