// What a row holds as JSON.

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it stored
export const parseRow = <T>(row: { readonly body: string }): T => JSON.parse(row.body) as T
