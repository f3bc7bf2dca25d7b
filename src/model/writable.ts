// A value while it is being put together: what may be absent is set where it is there, which is much faster than spreading it in.

export type Writable<T> = { -readonly [K in keyof T]: T[K] }
