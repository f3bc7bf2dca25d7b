// The key of a session keeps its access server, number and client apart, whatever spaces their names have: as `textKey` writes it
// (src/model/text-key.ts). Only rows of names with a space or `%`, and of a client, can be written otherwise by now.

import { type Kysely, sql } from 'kysely'
import { mustBeJson } from '../must-be-json.ts'

export async function up(db: Kysely<unknown>): Promise<void> {
  await mustBeJson(db, 'leases')
  const part = (name: string) =>
    sql`replace(replace(json_extract(body, ${sql.lit(`$.session.${name}`)}), '%', '%25'), ' ', '%20')`
  await sql`
    UPDATE leases
    SET session = ${part('nas')} || ' ' || ${part('id')} || coalesce(' ' || ${part('teller')}, '')
    WHERE (session LIKE '% % %' OR instr(session, '%') > 0)
      AND json_extract(body, '$.session.nas') IS NOT NULL`.execute(db)
}
