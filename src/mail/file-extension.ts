// The extension of a file, as Windows takes it: dots and spaces at the end of a name do not count. Linear, whatever the name is.

/** As it is written, without the dot; undefined when there is none. */
export function fileExtension(name: string): string | undefined {
  let end = name.length
  while (end > 0 && /[\s.]/.test(name[end - 1] as string)) end--
  const dot = name.lastIndexOf('.', end - 1)
  if (end === 0 || dot < 0) return undefined
  const extension = name.slice(dot + 1, end)
  return /[/\\]/.test(extension) ? undefined : extension
}
