"""Small statements as tables, with and without balances, that tests of the gate and of completeness share."""

from __future__ import annotations

MAPPING = {
    "shape": "statement",
    "currency": "EUR",
    "columns": {name: name for name in ("id", "account", "date", "amount", "counterparty", "balance")},
}
HEAD = "id,account,date,amount,counterparty,balance\n"
PROVED = HEAD + "p1,P,2020-01-01,10.00,V,10.00\np2,P,2020-01-02,-4.00,W,6.00\n"
BARE = HEAD + "u1,U,2020-01-01,10.00,V,\nu2,U,2020-01-02,-4.00,W,\n"
FALSE = HEAD + "f1,F,2020-01-01,10.00,V,10.00\nf2,F,2020-01-02,-4.00,W,7.00\n"
BACKWARD = HEAD + "b2,B,2020-01-02,-4.00,W,6.00\nb1,B,2020-01-01,10.00,V,10.00\n"
FEBRUARY = HEAD + "q1,P,2020-02-01,1.00,V,7.00\nq2,P,2020-02-02,-2.00,W,5.00\n"
APRIL = HEAD + "r1,P,2020-04-01,1.00,V,9.00\nr2,P,2020-04-03,-2.00,W,7.00\n"
