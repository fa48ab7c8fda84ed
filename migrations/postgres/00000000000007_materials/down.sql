DROP TABLE serials;
DROP TABLE balances;
DROP TABLE reversals;
DROP TABLE custody;
DROP TABLE ledger;
DROP TABLE movement_serials;
DROP TABLE movements;
DROP TABLE materials;
