"""Sessions and a sampling plan -> which to observe, which twice and by whom, and what became of the plan.

Every session has a permanent random number: the keyed BLAKE2b hash of its id, 16 bytes long, read as a whole
number (most significant byte first) and divided by 2 to the 128th. The key is the plan's seed in digits. In
each cell the smallest numbers are taken, so what is drawn hangs on the seed and on the ids alone: not on the
order of the table, not on the day, and not on what the other sessions are.

An auditor works out the number of session S001 under seed 7 with Python and nothing else:

>>> from hashlib import blake2b
>>> int(blake2b(b"S001", key=b"7", digest_size=16).hexdigest(), 16) / 2**128
0.8448772554235033

Who is rated twice is drawn by a second hash, with the key `7 second`; where a pass through thin cells
begins by one with `7 pass`.
"""
