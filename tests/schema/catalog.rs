//! What a database says about itself, as sorted lines that read alike on both. Types are folded
//! to what both can hold: int, text, bytes, real.

use std::collections::BTreeSet;

use campus_ops::platform::db::Conn;

use crate::scratch::Scratch;

pub type Lines = BTreeSet<String>;

impl Scratch {
    /// Tables, columns, nullability, primary keys, unique keys, foreign keys, indexes.
    pub fn catalog(&mut self) -> Lines {
        let mut all = self.columns();
        all.extend(self.primary_keys());
        all.extend(self.pick(SQLITE_INDEXES, POSTGRES_INDEXES));
        all.extend(self.pick(SQLITE_FOREIGN_KEYS, POSTGRES_FOREIGN_KEYS));
        all
    }

    /// `table.column type`, with ` null` where it may be absent.
    pub fn columns(&mut self) -> Lines {
        self.pick(SQLITE_COLUMNS, POSTGRES_COLUMNS)
    }

    pub fn primary_keys(&mut self) -> Lines {
        self.pick(SQLITE_PRIMARY_KEYS, POSTGRES_PRIMARY_KEYS)
    }

    /// Everything a migration can make, in this database's own words.
    pub fn dump(&mut self) -> Lines {
        self.pick(SQLITE_DUMP, POSTGRES_DUMP)
    }

    fn pick(&mut self, sqlite: &str, postgres: &str) -> Lines {
        let sql = match self.conn {
            Conn::Sqlite(_) => sqlite,
            Conn::Pg(_) => postgres,
        };
        self.lines(sql)
    }
}

const SQLITE_COLUMNS: &str = "
SELECT t.name || '.' || c.name
    || CASE c.type WHEN 'INTEGER' THEN ' int' WHEN 'TEXT' THEN ' text' WHEN 'BLOB' THEN ' bytes'
                   WHEN 'REAL' THEN ' real' ELSE ' unknown type ' || c.type END
    || CASE WHEN c.\"notnull\" THEN '' ELSE ' null' END AS line
FROM pragma_table_list t, pragma_table_xinfo(t.name) c
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE '!_!_diesel%' ESCAPE '!'";

const POSTGRES_COLUMNS: &str = "
SELECT c.table_name || '.' || c.column_name
    || CASE WHEN c.data_type IN ('bigint', 'boolean') THEN ' int' WHEN c.data_type = 'text' THEN ' text'
            WHEN c.data_type IN ('bytea', 'uuid') THEN ' bytes' WHEN c.data_type = 'double precision' THEN ' real'
            ELSE ' unknown type ' || c.data_type END
    || CASE c.is_nullable WHEN 'NO' THEN '' ELSE ' null' END AS line
FROM information_schema.columns c
WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '!_!_diesel%' ESCAPE '!'";

const SQLITE_PRIMARY_KEYS: &str = "
SELECT t.name || ' primary key (' || (SELECT group_concat(name, ', ')
    FROM (SELECT name FROM pragma_table_xinfo(t.name) WHERE pk > 0 ORDER BY pk)) || ')' AS line
FROM pragma_table_list t
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE '!_!_diesel%' ESCAPE '!'";

const POSTGRES_PRIMARY_KEYS: &str = "
SELECT k.conrelid::regclass || ' primary key (' || (SELECT string_agg(a.attname, ', ' ORDER BY u.place)
    FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) || ')' AS line
FROM pg_constraint k
WHERE k.contype = 'p' AND k.connamespace = 'public'::regnamespace
    AND k.conrelid::regclass::text NOT LIKE '!_!_diesel%' ESCAPE '!'";

/// A unique index or constraint goes by its columns, since constraints are named differently;
/// any other index by its name too. Of a condition only whether there is one is compared.
const SQLITE_INDEXES: &str = "
SELECT CASE WHEN i.\"unique\" THEN 'unique: ' ELSE 'index ' || i.name || ': ' END
    || t.name || ' (' || (SELECT group_concat(column, ', ') FROM (
        SELECT coalesce(name, '(expression)') || CASE \"desc\" WHEN 1 THEN ' desc' ELSE '' END AS column
        FROM pragma_index_xinfo(i.name) WHERE key = 1 ORDER BY seqno)) || ')'
    || CASE WHEN i.partial THEN ' partial' ELSE '' END AS line
FROM pragma_table_list t, pragma_index_list(t.name) i
WHERE t.schema = 'main' AND i.origin <> 'pk' AND t.name NOT LIKE '!_!_diesel%' ESCAPE '!'";

const POSTGRES_INDEXES: &str = "
SELECT CASE WHEN i.indisunique THEN 'unique: ' ELSE 'index ' || i.indexrelid::regclass || ': ' END
    || i.indrelid::regclass || ' (' || (SELECT string_agg(
        coalesce(a.attname, '(expression)') || CASE i.indoption[u.place - 1] & 1 WHEN 1 THEN ' desc' ELSE '' END,
        ', ' ORDER BY u.place)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(number, place)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number > 0
    WHERE u.place <= i.indnkeyatts) || ')'
    || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END AS line
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT i.indisprimary AND t.relnamespace = 'public'::regnamespace
    AND t.relname NOT LIKE '!_!_diesel%' ESCAPE '!'";

const SQLITE_FOREIGN_KEYS: &str = "
SELECT child || ' (' || group_concat(own, ', ') || ') references ' || parent
    || ' (' || group_concat(theirs, ', ') || ') on delete ' || on_delete || ' on update ' || on_update AS line
FROM (
    SELECT t.name AS child, f.id, f.\"table\" AS parent, f.\"from\" AS own,
        coalesce(f.\"to\", (SELECT name FROM pragma_table_xinfo(f.\"table\") WHERE pk = f.seq + 1)) AS theirs,
        f.on_delete, f.on_update
    FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
    WHERE t.schema = 'main' ORDER BY t.name, f.id, f.seq)
GROUP BY child, id";

const POSTGRES_FOREIGN_KEYS: &str = "
WITH action(letter, name) AS (VALUES ('a', 'NO ACTION'), ('r', 'RESTRICT'), ('c', 'CASCADE'), ('n', 'SET NULL'), ('d', 'SET DEFAULT')),
names AS (
    SELECT k.oid, string_agg(own.attname, ', ' ORDER BY u.place) AS own,
        string_agg(theirs.attname, ', ' ORDER BY u.place) AS theirs
    FROM pg_constraint k
    CROSS JOIN unnest(k.conkey, k.confkey) WITH ORDINALITY u(own, theirs, place)
    JOIN pg_attribute own ON own.attrelid = k.conrelid AND own.attnum = u.own
    JOIN pg_attribute theirs ON theirs.attrelid = k.confrelid AND theirs.attnum = u.theirs
    WHERE k.contype = 'f' GROUP BY k.oid)
SELECT k.conrelid::regclass || ' (' || n.own || ') references ' || k.confrelid::regclass
    || ' (' || n.theirs || ') on delete ' || d.name || ' on update ' || u.name AS line
FROM pg_constraint k JOIN names n ON n.oid = k.oid
JOIN action d ON d.letter = k.confdeltype::text JOIN action u ON u.letter = k.confupdtype::text
WHERE k.connamespace = 'public'::regnamespace";

const SQLITE_DUMP: &str = "
SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, 'made by itself') AS line FROM sqlite_schema
WHERE name NOT LIKE '!_!_diesel%' ESCAPE '!' AND tbl_name NOT LIKE '!_!_diesel%' ESCAPE '!' AND name <> 'sqlite_sequence'";

const POSTGRES_DUMP: &str = "
WITH ours AS (SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '!_!_diesel%' ESCAPE '!')
SELECT relkind::text || ' ' || relname AS line FROM ours
UNION SELECT 'column ' || t.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || ' ' || a.attidentity::text || a.attgenerated::text
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM ours t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION SELECT 'constraint ' || t.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM ours t JOIN pg_constraint k ON k.conrelid = t.oid
UNION SELECT pg_get_indexdef(i.indexrelid) FROM ours t JOIN pg_index i ON i.indrelid = t.oid
UNION SELECT pg_get_triggerdef(g.oid) FROM ours t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal
UNION SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind <> 'a'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    AND p.proname NOT LIKE 'diesel!_%' ESCAPE '!'
UNION SELECT 'extension ' || extname FROM pg_extension";
