-- Books for nothing were never meant to be sold.
DELETE FROM books WHERE price = 0;
ALTER TABLE books ADD CHECK (price > 0);
