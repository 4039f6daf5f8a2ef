"""A small page of a business, and helpers that load it with something changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.business import Business, BusinessError, load_business

BASE = """\
name: {fi: Testi, en: Test}
bot_name: Apu
languages: [fi, en]
default_language: fi
country: FI
timezone: Europe/Helsinki
contact:
  phone: "+358 6 555 0142"
  email: hei@testi.example
  website: https://testi.example
address:
  street: Katu 1
  postcode: "00100"
  city: Vaasa
  map_url: https://maps.example/testi
  directions: {fi: Tuolla, en: There}
parking: {fi: Kadulla, en: In the street}
accessibility: {fi: Ei portaita, en: No steps}
hours:
  weekly:
    mon: 09:00-18:00
    tue: 09:00-12:00, 13:00-18:00
    wed: 09:00-18:00
    thu: 09:00-20:00
    fri: 09:00-18:00
    sat: 10:00-15:00
    sun: closed
  public_holidays: closed
  exceptions:
    2026-12-24: 10:00-13:00
    2026-12-21 to 2026-12-30: closed
    2026-12-28:
      hours: 12:00-14:00
      reason: {fi: inventaario, en: stocktaking}
services:
  haircut:
    name: {fi: hiustenleikkaus, en: haircut}
    aliases:
      fi: [leikkaus, tukka]
      en: [cut]
    minutes: 45
    buffer_minutes: 5
    price: 49
    staff: [aino, leevi]
    description: {fi: Leikkaus, en: A cut}
  colour:
    name: {fi: värjäys, en: colour}
    minutes: 90
    price: from 75.50
    staff: [aino]
    description: {fi: Väri, en: A colour}
staff:
  aino:
    name: Aino
    title: {fi: kampaaja, en: hairdresser}
    days_off: [2026-11-25, 2027-01-04 to 2027-01-08]
  leevi:
    name: Leevi
    aliases: {fi: [Leksa]}
    title: {fi: parturi, en: barber}
    weekly:
      mon: closed
      tue: 11:00-17:00
booking:
  lead_time_minutes: 120
  horizon_days: 90
  step_minutes: 15
  free_cancellation_hours: 24
shop:
  payment_methods:
    - {id: card, name: {fi: kortti, en: card}}
  delivery_options:
    - {id: pickup, name: {fi: nouto, en: pick-up}, price: 0, days_min: 1, days_max: 2}
    - {id: posti, name: {fi: posti, en: post}, price: 5.90, days_min: 2, days_max: 4, free_from: 60}
  product_categories:
    - {id: shampoo, name: {fi: shampoot, en: shampoos}, aliases: {fi: [shampoo], en: []}}
    - {id: tools, name: {fi: välineet, en: tools}, aliases: {fi: [harja], en: [brush]}}
policies:
  returns: {fi: "14 päivää", en: 14 days}
  warranty: {fi: Takuu, en: Warranty}
  cancellation: {fi: Peruutus, en: Cancellation}
  privacy: {fi: Tietosuoja, en: Privacy}
  walk_in: {fi: Tule vain, en: Just come}
  gift_cards: {fi: Lahjakortit, en: Gift cards}
  discounts:
    - text: {fi: Opiskelijat, en: Students}
    - text: {fi: Joulu, en: Christmas}
      ends: 2026-12-23
handoff:
  weekly:
    mon: 09:00-17:00
    tue: 09:00-17:00
    wed: 09:00-17:00
    thu: 09:00-17:00
    fri: 09:00-17:00
    sat: closed
    sun: closed
  answer_within_minutes: 15
"""


def edited(*edits: tuple[str, str]) -> str:
    """The good page with some of its text replaced."""
    page = BASE
    for old, new in edits:
        assert page.count(old) == 1, f"{old!r} stands {page.count(old)} times on the page"
        page = page.replace(old, new)
    return page


def load(directory: Path, page: str | bytes) -> Business:
    path = directory / "business.yml"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return load_business(path)


def problems(directory: Path, page: str | bytes) -> list[str]:
    """What is said about a page, with the file's directory left out."""
    with pytest.raises(BusinessError) as caught:
        load(directory, page)
    return [text.removeprefix(f"{directory}/") for text in caught.value.problems]
