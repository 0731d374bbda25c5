"""Data of blockchains as records of the one ledger: addresses, transactions, and one reader for each format."""
