// What the parameters of MAIL say of the size of a message.

/** RFC 1870 §6, in octets; undefined where none is declared. */
export function declaredSize(params: readonly string[]): number | undefined {
  const said = params.map(one => /^SIZE=(\d{1,15})$/i.exec(one)?.[1]).find(Boolean)
  return said === undefined ? undefined : Number(said)
}
