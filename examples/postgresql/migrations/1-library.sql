CREATE TABLE authors(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE books(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author bigint NOT NULL REFERENCES authors,
  title text NOT NULL,
  price numeric(10, 2) NOT NULL CHECK (price >= 0)
);
CREATE INDEX ON books(author);
INSERT INTO authors(name) SELECT 'author ' || i FROM generate_series(1, 1000) i;
INSERT INTO books(author, title, price)
SELECT 1 + i % 1000, 'book ' || i, (i * 7919 % 5000) / 100.0 FROM generate_series(1, 50000) i;
