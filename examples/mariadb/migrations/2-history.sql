-- Prices are kept, whoever changes them.
CREATE TABLE old_prices(book int NOT NULL, price decimal(10, 2) NOT NULL, KEY (book));
CREATE TRIGGER keep_price BEFORE UPDATE ON books FOR EACH ROW
  INSERT INTO old_prices VALUES (OLD.id, OLD.price);
CREATE VIEW reduced AS
  SELECT title, old_prices.price AS was, books.price AS price
  FROM books JOIN old_prices ON book = id WHERE books.price < old_prices.price;
