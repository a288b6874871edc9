-- Only the first half so far: somebody has to look at the others.
UPDATE books SET price = round(price * 0.9, 2) WHERE id <= 25000;
