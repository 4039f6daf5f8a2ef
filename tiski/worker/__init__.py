"""The desk's own clockwork, in a process beside the servers: `python -m tiski.worker`.

It delivers what is in the outbox, reads the staff calendars, reminds customers the day before, and
offers freed times to the waiting list. When it is not running nothing is lost: it goes on where it
was.
"""
