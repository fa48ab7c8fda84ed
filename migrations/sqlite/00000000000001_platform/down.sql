DROP TABLE idempotency_keys;
DROP TABLE changes;
DROP TABLE change_seq;
DROP TABLE outbox;
DROP TABLE audit;
DROP TABLE facts;
