"""Handing over to a person: tickets, hours and waiting."""
