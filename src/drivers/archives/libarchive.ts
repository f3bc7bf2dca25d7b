// libarchive (3.7.7, as WebAssembly: the package libarchive-wasm), as far as names and contents of entries are wanted. Every module
// has a memory of its own with an end; after a trap it is of no use any more. Two things the package leaves out are mended here: its C
// library knows no locale, so that every letter beyond ASCII would come out as an asterisk; and a name that is in no known encoding
// cannot be had as bytes. Both are found in the module's memory with an archive whose content is known, and are checked each time.

import { readFileSync } from 'node:fs'
import { libarchiveWasm } from 'libarchive-wasm'

/** 7-Zip's and xz's largest usual dictionaries are 64 MiB. */
const MAX_MEMORY = 256 * 1024 * 1024
/** Its end says what a file is. */
const MAX_NAME = 255
const CHUNK = 64 * 1024
/** What is damaged is refused only when all of it is unpacked: of a ZIP, blocks of 256 KiB; and what was to be given with it is lost. */
const REFUSED = 256 * 1024 + CHUNK
const FOLDER = 0o040000
const WORDS = 512

/** What is used of it: TypeScript has its types only together with a browser's. */
declare const WebAssembly: {
  compile(code: Uint8Array): Promise<object>
  readonly Instance: new (code: object, imports: object) => object
  readonly RuntimeError: new () => Error
}

/** Something went wrong inside the module, which is of no use any more. */
export const isTrap = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError

type Wasm = Awaited<ReturnType<typeof libarchiveWasm>>
/** Numbers are addresses in its memory. */
export type Libarchive = {
  readonly wasm: Wasm
  readonly memory: () => Buffer
  /** Words into an archive and an entry at which their entry and its name stand. */
  readonly places: { readonly entry: number; readonly name: number }
}

export type Entry = {
  /** Empty when it has none. */
  readonly name: string
  /** As declared, modulo 4 GiB; 0 when it is not said. */
  readonly size: number
  readonly folder: boolean
  readonly encrypted: boolean
}

/** In a ZIP it is a file, whatever its attributes say: programs on Windows do not look at those. */
export const isFile = ({ folder, size }: Entry, kind: string): boolean =>
  !folder || (kind === 'zip' && size > 0)

/** Its functions throw libarchive's own words, or a WebAssembly.RuntimeError that ends the module. */
export type OpenArchive = {
  next(): Entry | undefined
  /** So many bytes of this entry at most; fewer at its end. */
  read(most: number): Buffer
  /** Bytes that were unpacked for `read`, those included that were refused at the end of an entry. */
  readonly given: number
  readonly encrypted: boolean
  close(): void
}

const file = new URL('libarchive.wasm', import.meta.resolve('libarchive-wasm'))
let compiled: Promise<object> | undefined

/** A module with a memory of its own: some milliseconds. */
export async function loadLibarchive(): Promise<Libarchive> {
  compiled ??= WebAssembly.compile(readFileSync(file))
  const code = await compiled
  const wasm = await libarchiveWasm({
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (
      imports: { readonly a: Record<string, (size: number) => number> },
      ready: (instance: object) => void,
    ) => {
      limitMemory(imports.a)
      ready(new WebAssembly.Instance(code, imports))
      return {}
    },
  })
  const memory = () => Buffer.from((wasm.module as { HEAPU8: Uint8Array }).HEAPU8.buffer)
  speakUtf8(memory())
  return { wasm, memory, places: findPlaces(wasm, memory) }
}

/** Emscripten asks for more memory through a function that says 0 when there is none. */
function limitMemory(imports: Record<string, (size: number) => number>): void {
  const [name, grow] =
    Object.entries(imports).find(([, one]) => one.name === '_emscripten_resize_heap') ?? []
  if (name === undefined || !grow) throw new Error('libarchive-wasm grows in another way')
  imports[name] = size => (size >>> 0 > MAX_MEMORY ? 0 : grow(size))
}

/** What nl_langinfo(CODESET) answers. Names that are said to be UTF-8, or are UTF-16, become UTF-8; others stay as they are. */
function speakUtf8(memory: Buffer): void {
  const at = memory.indexOf('ASCII\0', 'latin1')
  if (at < 0 || memory.includes('ASCII\0', at + 1, 'latin1'))
    throw new Error('libarchive-wasm has its code set elsewhere')
  memory.write('UTF-8', at, 'latin1')
}

function findPlaces(wasm: Wasm, memory: () => Buffer): Libarchive['places'] {
  const name = 'a-name-to-find'
  const address = put(wasm, memory, tarOf(name))
  const archive = opened(wasm, address, 1024)
  const found = wasm.read_next_entry(archive)
  const all = memory()
  const words = (at: number) =>
    Array.from({ length: WORDS }, (_, i) => all.readUInt32LE(at + 4 * i))
  const entry = words(archive).indexOf(found)
  const at = words(found).findIndex(word => textAt(all, word).toString('latin1') === name)
  wasm.read_free(archive)
  release(wasm, address)
  if (found === 0 || entry < 0 || at < 0) throw new Error('libarchive-wasm keeps names elsewhere')
  return { entry, name: at }
}

/** An old tar of one empty file. */
function tarOf(name: string): Buffer {
  const tar = Buffer.alloc(1024)
  tar.write(name, 0, 'latin1')
  tar.write('0000644\0' + '0000000\0'.repeat(2) + '00000000000\0'.repeat(2), 100, 'latin1')
  tar.fill(' ', 148, 156)
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return tar
}

/** Opens what `bytes` is, whatever it is. Throws libarchive's words when it is nothing it knows. */
export function openArchive(libarchive: Libarchive, bytes: Uint8Array): OpenArchive {
  const { wasm, memory } = libarchive
  const address = put(wasm, memory, bytes)
  const archive = opened(wasm, address, bytes.length)
  const chunk = room(wasm, CHUNK)
  let given = 0
  return {
    next: () => nextEntry(libarchive, archive),
    read: most => {
      const parts: Buffer[] = []
      let size = 0
      while (size < most) {
        let length = REFUSED
        try {
          length = wasm.read_data(archive, chunk, Math.min(CHUNK, most - size))
        } finally {
          given += length
        }
        if (length === 0) break
        parts.push(Buffer.from(memory().subarray(chunk, chunk + length)))
        size += length
      }
      return Buffer.concat(parts, size)
    },
    get given() {
      return given
    },
    get encrypted() {
      return wasm.read_has_encrypted_entries(archive) > 0
    },
    close: () => {
      try {
        wasm.read_free(archive)
      } finally {
        release(wasm, chunk)
        release(wasm, address)
      }
    },
  }
}

function opened(wasm: Wasm, address: number, length: number): number {
  const archive = wasm.read_new()
  wasm.read_support_filter_all(archive)
  wasm.read_support_format_all(archive)
  try {
    wasm.read_open_memory(archive, address, length)
  } catch (error) {
    // After a trap nothing may be touched any more, and the module goes.
    if (!isTrap(error)) {
      wasm.read_free(archive)
      release(wasm, address)
    }
    throw inWordsOfOurs(error)
  }
  return archive
}

/** For a few kinds libarchive would run a program, of which there is none in the module: `unable to run program "zstd -d -qq"`. */
function inWordsOfOurs(error: unknown): unknown {
  const program = /unable to run program "([\w.-]+)/i.exec(String(error))?.[1]
  return program === undefined
    ? error
    : new Error(`${program} is a kind that is not looked into`, { cause: error })
}

function nextEntry(library: Libarchive, archive: number): Entry | undefined {
  const { wasm, memory, places } = library
  const found = wasm.read_next_entry(archive) || warned(library, archive)
  if (found === undefined) return undefined
  const all = memory()
  const bytes = textAt(all, all.readUInt32LE(found + 4 * places.name))
  return {
    name: bytes.length > 0 ? decodeName(bytes) : wasm.entry_pathname(found).slice(-MAX_NAME),
    size: wasm.entry_size(found) >>> 0,
    folder: wasm.entry_filetype(found) === FOLDER,
    encrypted: wasm.entry_is_encrypted(found) !== 0,
  }
}

/**
 * The package says 0 for the end, for an error, and for a warning, after which there is an entry all the same. In which state the
 * archive is then is only told in the words of its next refusal.
 */
function warned({ wasm, memory, places }: Libarchive, archive: number): number | undefined {
  const words = wasm.error_string(archive)
  try {
    wasm.read_data_skip(archive)
  } catch (error) {
    if (isTrap(error)) throw error
    if (words === '' && /in state 'eof'/.test(String(error))) return undefined
    throw new Error(words || 'it ended before its end', { cause: error })
  }
  return memory().readUInt32LE(archive + 4 * places.entry)
}

/** The bytes up to the zero that ends them. */
function textAt(memory: Buffer, at: number): Buffer {
  if (at === 0 || at >= memory.length) return Buffer.alloc(0)
  const end = memory.indexOf(0, at)
  return memory.subarray(at, end < 0 ? at : end)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What is not UTF-8 is in some code page; what matters in a name is ASCII in all of them. */
export function decodeName(bytes: Buffer): string {
  try {
    return utf8.decode(bytes).slice(-MAX_NAME)
  } catch {
    return bytes.toString('latin1', Math.max(0, bytes.length - MAX_NAME))
  }
}

function put(wasm: Wasm, memory: () => Buffer, bytes: Uint8Array): number {
  const address = room(wasm, bytes.length)
  memory().set(bytes, address)
  return address
}

function room(wasm: Wasm, size: number): number {
  const { _malloc: allocate } = wasm.module as { readonly _malloc: (size: number) => number }
  const address = allocate(Math.max(1, size))
  if (address === 0) throw new Error('no memory is left')
  return address
}

function release(wasm: Wasm, address: number): void {
  const { _free: free } = wasm.module as { readonly _free: (address: number) => void }
  free(address)
}
