"""How the tables of a store came to be, one step each: what brings an older store up to this program."""
