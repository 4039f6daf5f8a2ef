"""What can go wrong with an appointment.

    BookingError
    ├── NotOffered          no such service, or that person does not do it
    ├── NotBookable         the time cannot be had; `reason` tells why
    │   └── AlreadyTaken    somebody else has it, or was faster; `reason` is "taken"
    │       └── InUse       the person is free, and what the service takes is not
    ├── NoSuchAppointment   no appointment with that code, or it is cancelled
    ├── AlreadyBegun        too late to move or cancel it
    ├── NoLongerHeld        an opening is not kept for this customer any more
    └── NotWaiting          that customer of the waiting list does not wait any more

None of them carries a name, an address or a code: they may be logged.
"""

from __future__ import annotations


class BookingError(Exception):
    """The root: catch it to catch all of them."""


class NotOffered(BookingError):
    """No such service, or the person asked for does not do it."""


class NotBookable(BookingError):
    """The time cannot be booked.

    Attributes:
        reason: one of the codes of `openings.why_not`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"this time cannot be booked: {reason}")
        self.reason = reason


class AlreadyTaken(NotBookable):
    """Somebody else has the time, or a part of it."""

    def __init__(self) -> None:
        super().__init__("taken")


class InUse(AlreadyTaken):
    """The person has time, and a room, chair or device that the service takes is in use.

    Attributes:
        resource: its id.
    """

    def __init__(self, resource: str) -> None:
        super().__init__()
        self.resource = resource


class NoSuchAppointment(BookingError):
    """No appointment has that code, or the one that has it is cancelled."""

    def __init__(self) -> None:
        super().__init__("no appointment that is still booked has this code")


class AlreadyBegun(BookingError):
    """The visit has begun: it can be neither moved nor cancelled."""

    def __init__(self) -> None:
        super().__init__("the visit has already begun")


class NoLongerHeld(BookingError):
    """An opening was offered to a customer of the waiting list, and is not kept for them now."""

    def __init__(self) -> None:
        super().__init__("the opening is no longer held")


class NotWaiting(BookingError):
    """The entry of the waiting list is gone, or an opening was offered to it already."""

    def __init__(self) -> None:
        super().__init__("this entry of the waiting list is not waiting")
