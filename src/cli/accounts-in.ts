// Mail accounts in a list: the first address of each line, also of a CSV file with a header line and quotes.

const ADDRESS = /[^\s,;:"'<>|]{1,64}@[^\s,;:"'<>|]{1,255}/

export const accountsIn = (text: string): readonly string[] => [
  ...new Set(text.split('\n').flatMap(line => ADDRESS.exec(line.slice(0, 2000))?.[0] ?? [])),
]
