--
-- PostgreSQL database dump
--

\restrict GYtfZuqhw2IrEm99lTbR5SNsjeaV43Nu6wweKvndCX7HdaBWCKo8rKnzErG3bUi

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $_$ SELECT 1; -- $$ ; $_$;


ALTER FUNCTION public.f() OWNER TO postgres;

--
-- Name: g(integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.g(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (a > 0) THEN 1
             ELSE 2
         END AS "case";
END;


ALTER FUNCTION public.g(a integer) OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: t; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.t (
    id integer NOT NULL,
    body text DEFAULT 'it''s; $$ x'::text,
    CONSTRAINT t_body_check CHECK ((body <> '\n'::text))
);


ALTER TABLE public.t OWNER TO postgres;

--
-- Name: TABLE t; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.t IS 'a; b -- c';


--
-- Name: odd "name; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public."odd ""name" AS
 SELECT t.id
   FROM public.t;


ALTER TABLE public."odd ""name" OWNER TO postgres;

--
-- Name: t_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.t_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.t_id_seq OWNER TO postgres;

--
-- Name: t_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;


--
-- Name: t id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);


--
-- Name: t t_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);


--
-- Name: i; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX i ON public.t USING btree (body);


--
-- Name: t tr; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();


--
-- PostgreSQL database dump complete
--

\unrestrict GYtfZuqhw2IrEm99lTbR5SNsjeaV43Nu6wweKvndCX7HdaBWCKo8rKnzErG3bUi

