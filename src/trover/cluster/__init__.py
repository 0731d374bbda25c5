"""Clusters of addresses that explain themselves.

What a transaction says is fact: its inputs, outputs, amounts and addresses. That addresses belong to one wallet
is inference, drawn from named evidence with a measured error rate; nothing here is stored as a fact of the ledger.

`view` is the chain in columns, `from_ledger` makes it from a ledger, `shapes` recognises transactions of several
parties, `change` names the heuristics for change, `cospend` joins, `clustering` is the result, `link` finds the
smallest evidence between two addresses, `without` what is left when a part of the evidence falls, `rates` holds
the measured error rates.
"""
