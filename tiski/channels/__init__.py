"""How customers reach the desk. Every channel reads and answers through `guard`."""
