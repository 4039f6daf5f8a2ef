"""Calling other people's systems: one way to wait, to try again, to give up and to tell.

`door` makes the calls, `errors` has the few ways in which they fail, and `settings` reads what the
environment says of each system.
"""
