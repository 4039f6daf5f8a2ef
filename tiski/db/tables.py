"""Every table that the desk owns. Times are UTC; money is in cents.

Change a table here, then add a migration: `python -m tiski.db.migrate --new "what changed"`.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import declarative_base, relationship

# Without names a constraint cannot be changed later on SQLite: a migration could not say which.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Base: Any = declarative_base(metadata=MetaData(naming_convention=NAMES))


class UtcDateTime(TypeDecorator):
    """An aware datetime, stored in UTC and given back in UTC, on any database.

    SQLite forgets offsets, so a naive value could mean anything: it is refused.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the database takes aware times only")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=timezone.utc)


class Appointment(Base):
    """A visit that a customer has booked. `code` is what the customer shows for it."""

    __tablename__ = "appointments"

    id = Column(Integer, primary_key=True)
    code = Column(String(12), nullable=False, unique=True)
    service_id = Column(String(60), nullable=False)
    staff_id = Column(String(60), nullable=False)
    starts_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, nullable=False)  # of the visit, without the buffer
    # booked, cancelled, withdrawn (the staff calendar had something else before it was confirmed),
    # or held: kept for somebody of the waiting list until `held_until`
    status = Column(String(20), nullable=False, default="booked")
    held_until = Column(UtcDateTime)
    # Of the event in the calendars and in the customer's invitation; the code would give access
    uid = Column(String(80), unique=True, default=lambda: f"{uuid4().hex}@tiski")
    sequence = Column(Integer, nullable=False, default=0, server_default="0")  # how often moved
    contact_name = Column(String(200), nullable=False)
    contact_email = Column(String(254))  # lower case
    contact_phone = Column(String(20))  # E.164
    language = Column(String(5), nullable=False)
    conversation_id = Column(String(120))
    created_at = Column(UtcDateTime, nullable=False)
    changed_at = Column(UtcDateTime, nullable=False)
    confirmed_at = Column(UtcDateTime)  # the customer said that they are coming
    late_minutes = Column(Integer)  # as announced; negative when early

    notes = relationship("VisitNote", back_populates="appointment", cascade="all, delete-orphan")
    claims = relationship("Claim", back_populates="appointment", cascade="all, delete-orphan")
    copy = relationship(
        "CalendarCopy", uselist=False, back_populates="appointment", cascade="all, delete-orphan"
    )

    __table_args__ = (
        Index("ix_appointments_email", "contact_email"),
        Index("ix_appointments_phone", "contact_phone"),
        Index("ix_appointments_start", "starts_at"),
    )


class Claim(Base):
    """One granule (a few minutes) of one resource's time. The key forbids taking it twice."""

    __tablename__ = "claims"

    # a staff id, or a unit of what is shared ("room#1")
    resource = Column(String(64), primary_key=True)
    granule = Column(UtcDateTime, primary_key=True)
    appointment_id = Column(Integer, ForeignKey("appointments.id"), nullable=False, index=True)

    appointment = relationship("Appointment", back_populates="claims")


class CalendarCopy(Base):
    """Where an appointment stands in a staff calendar, as it was last written or seen there."""

    __tablename__ = "calendar_copies"

    appointment_id = Column(Integer, ForeignKey("appointments.id"), primary_key=True)
    resource = Column(String(60), nullable=False)  # whose calendar: a staff id
    # an address or id of the calendar's own; empty: it was taken out, surely
    place = Column(Text, nullable=False)
    version = Column(Text, nullable=False)
    written_at = Column(UtcDateTime, nullable=False)

    appointment = relationship("Appointment", back_populates="copy")


class BusyTime(Base):
    """Time that a staff calendar says is taken, by something that the desk did not put there."""

    __tablename__ = "busy_times"

    id = Column(Integer, primary_key=True)
    resource = Column(String(60), nullable=False)  # a staff id
    starts_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_busy_times_resource", "resource", "starts_at"),)


class CalendarState(Base):
    """How the last look at a staff calendar went."""

    __tablename__ = "calendar_states"

    resource = Column(String(60), primary_key=True)  # a staff id
    state = Column(Text)  # the calendar's mark at that look; None: read it all next time
    read_until = Column(UtcDateTime)  # the end of what was read
    read_at = Column(UtcDateTime)  # the last look that succeeded
    trouble = Column(String(40))  # why the last look did not (tiski/outside/errors.py)
    failing_since = Column(UtcDateTime)


class Delivery(Base):
    """Something for another system that may be late: a mail, a text message, a calendar's copy.

    Written in the transaction of what it tells of, so that neither is there without the other.
    """

    __tablename__ = "outbox"

    id = Column(Integer, primary_key=True)
    kind = Column(String(40), nullable=False)  # see tiski/worker/handlers.py
    #: what shares a queue is delivered in the order of the ids
    queue = Column(String(80), nullable=False)
    #: the same thing is not put in twice
    key = Column(String(120), unique=True)
    content = Column(JSON, nullable=False)
    # waiting, sending, done, failed (staff must know), dropped (of no use any more)
    status = Column(String(20), nullable=False, default="waiting")
    tries = Column(Integer, nullable=False, default=0)
    trouble = Column(String(40))  # of the last try (tiski/outside/errors.py)
    not_before = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime)  # of no use after that
    created_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    __table_args__ = (
        Index("ix_outbox_status", "status", "not_before"),
        Index("ix_outbox_queue", "queue"),
    )


class VisitNote(Base):
    """What the customer wants the staff to know for a visit, in the customer's words."""

    __tablename__ = "visit_notes"

    id = Column(Integer, primary_key=True)
    appointment_id = Column(Integer, ForeignKey("appointments.id"), nullable=False, index=True)
    kind = Column(String(20), nullable=False)  # note or late
    text = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

    appointment = relationship("Appointment", back_populates="notes")


class WaitingListEntry(Base):
    """Somebody who wants an opening that another customer frees."""

    __tablename__ = "waiting_list"

    id = Column(Integer, primary_key=True)
    service_id = Column(String(60), nullable=False)
    staff_id = Column(String(60))  # None: anybody
    wish = Column(Text, nullable=False)  # in the customer's words
    windows = Column(JSON, nullable=False)  # [{"from": ..., "to": ...}] ISO 8601; [] is any time
    # waiting, offered (an opening is held), done (taken) or passed (offered once, not taken)
    status = Column(String(20), nullable=False, default="waiting")
    # the appointment that is held, or was taken
    appointment_id = Column(Integer, ForeignKey("appointments.id"))
    offered_at = Column(UtcDateTime)
    contact_name = Column(String(200), nullable=False)
    contact_email = Column(String(254))
    contact_phone = Column(String(20))
    language = Column(String(5), nullable=False)
    conversation_id = Column(String(120))
    created_at = Column(UtcDateTime, nullable=False)


class Product(Base):
    """An article of the demo shop."""

    __tablename__ = "products"

    id = Column(String(60), primary_key=True)
    sku = Column(String(40), nullable=False, unique=True)
    category = Column(String(60), nullable=False)
    name = Column(JSON, nullable=False)  # {"fi": ..., "en": ...}
    price_cents = Column(Integer, nullable=False)
    stock = Column(Integer, nullable=False)
    # ids of the needs of business.yml that it serves
    suits = Column(JSON, nullable=False, default=list, server_default="[]")
    description = Column(JSON)  # {"fi": ..., "en": ...}


class Order(Base):
    """An order of the demo shop."""

    __tablename__ = "orders"

    number = Column(String(20), primary_key=True)  # digits
    status = Column(String(20), nullable=False)  # see tiski/orders/order.py
    placed_at = Column(UtcDateTime, nullable=False)
    expected_at = Column(UtcDateTime)
    shipped_at = Column(UtcDateTime)
    delivered_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)  # cancelled, returned or refunded
    contact_name = Column(String(200), nullable=False)
    contact_email = Column(String(254), nullable=False)
    contact_phone = Column(String(20), nullable=False)
    postcode = Column(String(10), nullable=False)
    delivery_method = Column(String(40), nullable=False)  # an id of business.yml
    tracking_code = Column(String(60))
    tracking_url = Column(String(300))
    total_cents = Column(Integer, nullable=False)
    currency = Column(String(3), nullable=False, default="EUR")

    lines = relationship("OrderLine", back_populates="order", cascade="all, delete-orphan")


class OrderLine(Base):
    __tablename__ = "order_lines"

    id = Column(Integer, primary_key=True)
    order_number = Column(String(20), ForeignKey("orders.number"), nullable=False, index=True)
    product_id = Column(String(60), nullable=False)
    name = Column(JSON, nullable=False)
    quantity = Column(Integer, nullable=False)
    price_cents = Column(Integer, nullable=False)

    order = relationship("Order", back_populates="lines")


class GiftCard(Base):
    """A gift card that was sold, and what is left on it. Its code is all the proof there is."""

    __tablename__ = "gift_cards"

    code = Column(String(20), primary_key=True)  # capital letters and digits
    balance_cents = Column(Integer, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)


class Ticket(Base):
    """Something that a person must take up: what is needed, by whom, and what was said."""

    __tablename__ = "tickets"

    id = Column(Integer, primary_key=True)
    code = Column(String(12), nullable=False)
    kind = Column(String(40), nullable=False)  # an intent, e.g. request_human, return_order
    status = Column(String(20), nullable=False, default="open")
    need = Column(Text, nullable=False)
    reference = Column(String(40))  # an order number or an appointment code
    contact_name = Column(String(200))
    contact_email = Column(String(254))
    contact_phone = Column(String(20))
    language = Column(String(5), nullable=False)
    channel = Column(String(40))
    conversation_id = Column(String(120))
    transcript = Column(JSON, nullable=False)  # [{"from": "customer"|"desk", "text": ...}]
    created_at = Column(UtcDateTime, nullable=False)
    answer_by = Column(UtcDateTime)  # what the customer was promised
    mailed_at = Column(UtcDateTime)  # when the owner was told by mail

    __table_args__ = (UniqueConstraint("code"),)


class Lead(Base):
    """Somebody who may become a customer: wants an offer or a call."""

    __tablename__ = "leads"

    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)  # quote or callback
    status = Column(String(20), nullable=False, default="open")
    need = Column(Text, nullable=False)
    when_wanted = Column(Text)  # in the customer's words
    budget_cents = Column(Integer)
    is_qualified = Column(Boolean, nullable=False)  # by the rules of business.yml
    contact_name = Column(String(200), nullable=False)
    contact_email = Column(String(254))
    contact_phone = Column(String(20))
    consent_words = Column(Text, nullable=False)  # what the customer agreed to, as it was asked
    consent_at = Column(UtcDateTime, nullable=False)
    language = Column(String(5), nullable=False)
    channel = Column(String(40))
    conversation_id = Column(String(120))
    created_at = Column(UtcDateTime, nullable=False)
    answer_by = Column(UtcDateTime)  # what the customer was promised
    mailed_at = Column(UtcDateTime)  # when the owner was told by mail

    @property
    def code(self) -> str:
        """How staff and outcomes name it, e.g. "L17"; the customer is told none."""
        return f"L{self.id}"


class Consent(Base):
    """One change of a consent. Rows are added, never changed: the last one of an address holds."""

    __tablename__ = "consents"

    id = Column(Integer, primary_key=True)
    purpose = Column(String(40), nullable=False)  # newsletter
    email = Column(String(254), nullable=False, index=True)  # lower case
    is_given = Column(Boolean, nullable=False)  # False: withdrawn
    words = Column(Text, nullable=False)  # what was asked, as the customer read it
    language = Column(String(5), nullable=False)
    channel = Column(String(40))
    conversation_id = Column(String(120))
    created_at = Column(UtcDateTime, nullable=False)


class Feedback(Base):
    """A rating, praise, or that an answer did not help."""

    __tablename__ = "feedback"

    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)  # rating, praise or unhelpful
    rating = Column(Integer)  # 1 to 5
    comment = Column(Text)
    about = Column(String(60))  # a use case (see tiski/insight/outcomes.py) or a response
    language = Column(String(5), nullable=False)
    channel = Column(String(40))
    conversation_id = Column(String(120))
    created_at = Column(UtcDateTime, nullable=False)


class Outcome(Base):
    """One use case in one conversation: when it began, where it ended, what was offered."""

    __tablename__ = "outcomes"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(120), nullable=False)
    use_case = Column(String(60), nullable=False)  # an intent, e.g. book_appointment, faq/parking
    # done, stopped, abandoned, handed_over, failed; None while it goes on
    result = Column(String(20))
    question = Column(String(60))  # the slot that was asked for last
    reference = Column(String(40))  # an order number, an appointment's or a ticket's code
    offers_shown = Column(Integer, nullable=False, default=0)
    offers_taken = Column(Integer, nullable=False, default=0)
    language = Column(String(5))
    channel = Column(String(40))
    began_at = Column(UtcDateTime, nullable=False)
    touched_at = Column(UtcDateTime, nullable=False)  # the last turn in it
    ended_at = Column(UtcDateTime)

    __table_args__ = (
        Index("ix_outcomes_conversation", "conversation_id"),
        Index("ix_outcomes_began", "began_at"),
    )


class StaffSession(Base):
    """Somebody of the staff who is signed in on a device. Only the token's hash is kept."""

    __tablename__ = "staff_sessions"

    token_hash = Column(String(64), primary_key=True)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)


class LookupAttempts(Base):
    """Failed look-ups of one conversation: five lock it for a while (tiski/access.py)."""

    __tablename__ = "lookup_attempts"

    conversation_id = Column(String(120), primary_key=True)
    failures = Column(Integer, nullable=False)
    locked_until = Column(UtcDateTime)
