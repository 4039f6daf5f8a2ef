"""Appointments: which times are free, and how one of them becomes a customer's.

`openings` looks, `appointments` books, moves and cancels; `claims` is what keeps two customers
from getting the same time. The errors stand in `errors`.
"""
