"""What may be late, and is not lost: mails, text messages, copies in calendars.

`store` puts it into the database, in the transaction of what it tells of. `courier` brings it to
where it belongs, in order, once, after a restart too, and tells staff what could not be brought.
"""
