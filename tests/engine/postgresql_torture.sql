-- One of everything that a role without privileges of its own can make.
SET client_min_messages = warning;
CREATE SCHEMA "odd ""schema"" 'n'";
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'it''s; a
comment -- Name: fake; Type: INDEX; Schema: -; Owner: -';

-- extensions that anybody may install
CREATE EXTENSION hstore WITH SCHEMA app;
CREATE EXTENSION pg_trgm WITH SCHEMA public;
COMMENT ON EXTENSION pg_trgm IS 'mine';

-- types
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s');
ALTER TYPE app.mood ADD VALUE 'happy' BEFORE 'ok';
CREATE TYPE app.pair AS (a integer, b text COLLATE "C");
CREATE DOMAIN app.positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE DOMAIN app.email AS text CHECK (VALUE ~ '@');
CREATE TYPE app.float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE COLLATION app.by_code FROM "C";
CREATE COLLATION app.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- sequences
CREATE SEQUENCE app.counter INCREMENT 3 START 10 CACHE 5 OWNED BY NONE;
SELECT nextval('app.counter'), nextval('app.counter');
CREATE SEQUENCE app.unused AS smallint START 7;
COMMENT ON SEQUENCE app.unused IS 'nobody';

-- functions of every kind, some of which look like the end of a statement
CREATE FUNCTION app.plain(a integer, b text DEFAULT 'x;y') RETURNS integer
  LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN
-- Name: fake; Type: TABLE; Schema: public; Owner: nobody
  RETURN a; END; $f$;
CREATE FUNCTION app.atomic(a integer) RETURNS integer LANGUAGE sql IMMUTABLE
  BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 1 THEN a ELSE 2 END; END;
CREATE FUNCTION app.returns_table(n integer) RETURNS TABLE (x integer, y text) LANGUAGE sql STABLE
  AS $$ SELECT g, 'it''s $1;' FROM generate_series(1, n) g $$;
CREATE PROCEDURE app.do_it(INOUT x integer) LANGUAGE plpgsql AS 'BEGIN x := x + 1; END';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN new.touched := coalesce(new.touched, 0) + 1; RETURN new; END$$;
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'no % on %', TG_OP, TG_TABLE_NAME; END$$;
CREATE FUNCTION app.add_state(s integer, x integer) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT coalesce(s, 0) + x';
CREATE AGGREGATE app.total(integer) (SFUNC = app.add_state, STYPE = integer, INITCOND = '0');
CREATE FUNCTION app.pair_eq(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS 'SELECT $1.a = $2.a';
CREATE OPERATOR app.=~= (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.pair_eq,
                         COMMUTATOR = OPERATOR(app.=~=));
CREATE CAST (app.pair AS text) WITH INOUT AS ASSIGNMENT;
CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = pg_catalog.simple, accept = false);
CREATE TEXT SEARCH CONFIGURATION app.search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION app.search ALTER MAPPING FOR asciiword WITH app.words, english_stem;

-- tables
CREATE TABLE app.parent (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL COLLATE app.by_code,
  feeling app.mood DEFAULT 'ok',
  amount app.positive,
  tags app.hstore,
  doubled numeric GENERATED ALWAYS AS (length(name) * 2) STORED,
  touched integer,
  CONSTRAINT short CHECK (length(name) < 100),
  EXCLUDE USING btree (name WITH =)
);
INSERT INTO app.parent (name, feeling, amount, tags)
  SELECT 'row ' || g, (ARRAY['sad', 'ok', 'it''s', 'happy'])[g % 4 + 1]::app.mood, g,
         app.hstore('k', g::text) FROM generate_series(1, 500) g;
DELETE FROM app.parent WHERE id % 7 = 0;
ALTER TABLE app.parent ADD CONSTRAINT not_checked CHECK (amount <> 3) NOT VALID;
COMMENT ON TABLE app.parent IS 'parents';
COMMENT ON COLUMN app.parent.name IS 'a name';
COMMENT ON CONSTRAINT short ON app.parent IS 'short;';
CREATE INDEX "an index" ON app.parent USING gin (name public.gin_trgm_ops);
CREATE INDEX expression_index ON app.parent ((app.plain(touched)), lower(name) DESC NULLS LAST)
  INCLUDE (amount) WITH (fillfactor = 70) WHERE feeling <> 'sad';
ALTER INDEX app.expression_index ALTER COLUMN 1 SET STATISTICS 321;
COMMENT ON INDEX app."an index" IS 'an index';
CREATE STATISTICS app.together (dependencies, ndistinct) ON name, feeling FROM app.parent;
CLUSTER app.parent USING parent_pkey;

-- foreign keys in a circle, checked at the end
CREATE TABLE app.hen (id integer PRIMARY KEY, egg integer NOT NULL);
CREATE TABLE app.egg (id integer PRIMARY KEY,
  hen integer NOT NULL REFERENCES app.hen DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE app.hen ADD FOREIGN KEY (egg) REFERENCES app.egg DEFERRABLE INITIALLY DEFERRED;
BEGIN; INSERT INTO app.hen VALUES (1, 1); INSERT INTO app.egg VALUES (1, 1); COMMIT;
CREATE TABLE app.tree (id integer PRIMARY KEY, above integer REFERENCES app.tree ON DELETE CASCADE);
INSERT INTO app.tree VALUES (2, 3), (3, NULL), (1, 2);
CREATE TABLE app.child (parent bigint REFERENCES app.parent ON UPDATE CASCADE, x integer UNIQUE,
  UNIQUE (parent, x)) WITH (autovacuum_enabled = false);
INSERT INTO app.child SELECT 1, g FROM generate_series(1, 100) g;
ALTER TABLE app.child REPLICA IDENTITY FULL;

-- partitions
CREATE TABLE app.events (at date NOT NULL, kind text NOT NULL, n integer, PRIMARY KEY (at, kind))
  PARTITION BY RANGE (at);
CREATE TABLE app.events_2020 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
  PARTITION BY LIST (kind);
CREATE TABLE app.events_2020_a PARTITION OF app.events_2020 FOR VALUES IN ('a', 'b');
CREATE TABLE app.events_2020_rest PARTITION OF app.events_2020 DEFAULT;
CREATE TABLE app.events_other PARTITION OF app.events DEFAULT;
CREATE INDEX events_n ON app.events (n);
INSERT INTO app.events SELECT date '2019-12-01' + g, chr(97 + g % 5), g FROM generate_series(1, 900) g;
CREATE TABLE app.hashed (id integer, x text) PARTITION BY HASH (id);
CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.hashed_1 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO app.hashed SELECT g, 'h' FROM generate_series(1, 50) g;
CREATE TABLE app.of_event (at date, kind text, FOREIGN KEY (at, kind) REFERENCES app.events);
INSERT INTO app.of_event SELECT at, kind FROM app.events LIMIT 10;

-- inheritance; a column whose place differs
CREATE TABLE app.animal (name text, gone integer, legs integer DEFAULT 4);
ALTER TABLE app.animal DROP COLUMN gone;
CREATE TABLE app.dog (owner text, CHECK (legs = 4)) INHERITS (app.animal);
INSERT INTO app.animal VALUES ('cow', 4), ('hen', 2); INSERT INTO app.dog VALUES ('rex', 4, 'bob');
CREATE TABLE app.typed OF app.pair (PRIMARY KEY (a));
INSERT INTO app.typed VALUES (1, 'x');

-- odd ones
CREATE UNLOGGED TABLE app.unlogged (id integer PRIMARY KEY);
INSERT INTO app.unlogged VALUES (1), (2);
CREATE TABLE "odd ""schema"" 'n'"."a table; -- with 'everything'" ("a ""column""" integer, "select" text,
  PRIMARY KEY ("a ""column"""));
INSERT INTO "odd ""schema"" 'n'"."a table; -- with 'everything'" VALUES (1, E'\\.\n\\N'), (2, NULL);
CREATE INDEX "it's; ""an"" index" ON "odd ""schema"" 'n'"."a table; -- with 'everything'" ("select");
CREATE TABLE app.nothing (); INSERT INTO app.nothing DEFAULT VALUES;
CREATE TABLE app.bag (x text); INSERT INTO app.bag VALUES ('a'), ('a'), (NULL), ('');
CREATE TABLE app.compressed (x text);
ALTER TABLE app.compressed ALTER COLUMN x SET STORAGE EXTERNAL, ALTER COLUMN x SET STATISTICS 77, ALTER COLUMN x SET (n_distinct = -0.5);
CREATE TABLE app."größe 数据" (id serial PRIMARY KEY, x text); INSERT INTO app."größe 数据" (x) VALUES ('é');
CREATE TEMPORARY TABLE not_mine (x integer);

-- views, one of which needs a key
CREATE VIEW app.names WITH (security_barrier) AS SELECT name FROM app.parent WITH CASCADED CHECK OPTION;
CREATE VIEW app.grouped AS SELECT id, name, count(*) AS n FROM app.parent GROUP BY id;
CREATE RECURSIVE VIEW app.up (id) AS SELECT 1 UNION ALL SELECT id + 1 FROM up WHERE id < 3;
CREATE MATERIALIZED VIEW app.sums AS SELECT feeling, sum(amount) AS s FROM app.parent GROUP BY feeling;
CREATE UNIQUE INDEX ON app.sums (feeling);
CREATE MATERIALIZED VIEW app.of_sums AS SELECT sum(s) AS all_of_it FROM app.sums;
CREATE MATERIALIZED VIEW app.empty_sums AS SELECT 1 AS x WITH NO DATA;
CREATE VIEW app.editable AS SELECT id, name FROM app.parent;
ALTER VIEW app.editable ALTER COLUMN name SET DEFAULT 'new';

-- rules, triggers, policies
CREATE RULE log_it AS ON UPDATE TO app.editable DO INSTEAD
  (INSERT INTO app.bag VALUES ('one; two'); UPDATE app.parent SET name = new.name WHERE id = old.id);
CREATE RULE never AS ON DELETE TO app.bag DO INSTEAD NOTHING;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF name ON app.parent FOR EACH ROW
  WHEN (new.name <> ';') EXECUTE FUNCTION app.touch();
CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON app.tree FOR EACH ROW EXECUTE FUNCTION app.refuse();
CREATE TRIGGER refuse_all BEFORE TRUNCATE ON app.tree EXECUTE FUNCTION app.refuse();
CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON app.tree DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION app.refuse();
CREATE TRIGGER off BEFORE INSERT ON app.hen FOR EACH ROW EXECUTE FUNCTION app.refuse();
ALTER TABLE app.hen DISABLE TRIGGER off;
CREATE TRIGGER on_partitions BEFORE UPDATE ON app.events FOR EACH ROW EXECUTE FUNCTION app.refuse();
COMMENT ON TRIGGER touch ON app.parent IS 'a trigger';
ALTER TABLE app.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_few ON app.child FOR SELECT USING (x > 10);
CREATE POLICY nobody ON app.child AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (false) WITH CHECK (x < 5);

-- privileges
GRANT SELECT (id, name), UPDATE (name) ON app.parent TO plain WITH GRANT OPTION;
GRANT USAGE ON SCHEMA app TO plain;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;
REVOKE INSERT ON app.child FROM app;
REVOKE EXECUTE ON FUNCTION app.plain FROM PUBLIC;
GRANT USAGE ON TYPE app.mood TO plain;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO plain;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- publications and large objects
CREATE PUBLICATION some_tables FOR TABLE app.parent (id, name) WHERE (id > 5), app.bag
  WITH (publish = 'insert');
SELECT lo_from_bytea(4711, '\x0001'), lo_from_bytea(4712, decode(repeat('5c0a', 70000), 'hex'));
GRANT SELECT ON LARGE OBJECT 4711 TO plain;
COMMENT ON LARGE OBJECT 4711 IS 'it''s \large';
GRANT UPDATE ON LARGE OBJECT 4712 TO plain WITH GRANT OPTION;
REVOKE UPDATE ON LARGE OBJECT 4712 FROM CURRENT_USER;
GRANT SELECT ON LARGE OBJECT 4712 TO PUBLIC;

-- of the database itself
ALTER DATABASE app SET work_mem = '7MB';
ALTER DATABASE app SET search_path = app, public;
ALTER DATABASE app CONNECTION LIMIT 50;
COMMENT ON DATABASE app IS 'the database';
GRANT CONNECT ON DATABASE app TO plain;
