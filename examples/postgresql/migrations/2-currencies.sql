CREATE TYPE currency AS ENUM ('EUR', 'USD');
ALTER TABLE books ADD COLUMN currency currency;
CREATE VIEW unpriced AS SELECT id, title FROM books WHERE currency IS NULL;
