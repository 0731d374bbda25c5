"""The compiled engine: the integers of the reference engine, for ledgers of millions of events.

`wide` has integers of 128 bits, `arena` lots in preallocated memory, `shares` splits and scales them,
`draw` is TAKE, `restore` what returns, `events` runs the rules on one event, `loop` runs all of them.
`columns` and `findings` turn a ledger and its findings into arrays, `engine` calls the loop and
`holdings` presents what it found. Importing this package does not import Numba; `engine` does.
"""
