-- What only a superuser can make.
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'it''s');
CREATE USER MAPPING FOR app SERVER elsewhere OPTIONS (user 'u', password 'p');
CREATE FOREIGN TABLE far (id integer OPTIONS (column_name 'x') NOT NULL) SERVER elsewhere;
CREATE TABLE split (id integer) PARTITION BY RANGE (id);
CREATE TABLE split_near PARTITION OF split FOR VALUES FROM (0) TO (10);
CREATE FOREIGN TABLE split_far PARTITION OF split FOR VALUES FROM (10) TO (20) SERVER elsewhere;
INSERT INTO split VALUES (1), (2);
CREATE TABLE owned_by_app (id integer PRIMARY KEY, x text);
ALTER TABLE owned_by_app OWNER TO app;
INSERT INTO owned_by_app SELECT g, 'x' FROM generate_series(1, 10) g;
CREATE TYPE complex;
CREATE FUNCTION complex_in(cstring) RETURNS complex LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION complex_out(complex) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE complex (INPUT = complex_in, OUTPUT = complex_out, LIKE = text);
CREATE FUNCTION complex_lt(complex, complex) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS 'SELECT complex_out($1)::text < complex_out($2)::text';
CREATE TABLE of_complex (x complex);
INSERT INTO of_complex VALUES ('1;2'), (E'\\');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE other_method (x integer) USING heap2;
INSERT INTO other_method VALUES (5);
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'no more changes'; END$$;
CREATE EVENT TRIGGER no_more ON ddl_command_start WHEN TAG IN ('CREATE TABLE')
  EXECUTE FUNCTION on_ddl();
