UPDATE orders SET total = 0 WHERE total < 0;
