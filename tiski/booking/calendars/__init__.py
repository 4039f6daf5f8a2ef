"""The staff's own calendars: what the desk books appears there, what is there makes a time busy.

One module per kind of calendar, all alike (`protocol.Calendar`); `settings` reads from the
environment which one is whose. SQL stays the truth about appointments: `mirror` writes them out,
`follow` takes over what staff changed.
"""
