CREATE TABLE authors(id int PRIMARY KEY AUTO_INCREMENT, name varchar(100) NOT NULL);
CREATE TABLE books(
  id int PRIMARY KEY AUTO_INCREMENT,
  author int NOT NULL REFERENCES authors(id),
  title varchar(200) NOT NULL,
  price decimal(10, 2) NOT NULL CHECK (price >= 0)
);
INSERT INTO authors(name) SELECT concat('author ', seq) FROM seq_1_to_1000;
INSERT INTO books(author, title, price)
SELECT 1 + seq % 1000, concat('book ', seq), (seq * 7919 % 5000) / 100 FROM seq_1_to_50000;
