-- Only the first half so far: somebody has to look at the others.
UPDATE books SET currency = 'EUR' WHERE id <= 25000;
