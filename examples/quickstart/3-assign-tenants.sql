CREATE INDEX customers_by_tenant ON customers(tenant);
INSERT INTO tenants VALUES (2, 'the big one');
-- Only the first half so far: somebody has to look at the others.
UPDATE customers SET tenant = 1 WHERE id <= 250;
