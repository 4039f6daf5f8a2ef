"""The staff page in a browser: live, on a desktop and on a phone."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from busy_day import WICKED, fill
from chromium import DESKTOP, PHONE
from desk import Desk
from pages import ChatPage, StaffPage, until
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By

from tiski.db import tables
from tiski.db.session import session

Size = tuple[int, int]
OpenStaff = Callable[..., StaffPage]
OpenChat = Callable[..., ChatPage]

SEEN_WITHIN_SECONDS = 2.0
RESTART_SECONDS = 60


@pytest.mark.parametrize(
    ("staff_size", "customer_size"), [(DESKTOP, PHONE), (PHONE, DESKTOP)], ids=["desktop", "phone"]
)
def test_a_booking_is_seen_within_two_seconds(
    desk: Desk, staff: OpenStaff, customer: OpenChat, staff_size: Size, customer_size: Size
) -> None:
    page = staff(staff_size)
    assert "Essi Esimerkki" not in page.part("appointments")
    chat = customer(customer_size)
    chat.tap("Haluan varata ajan")
    chat.tap("Hiustenleikkaus")
    chat.tap("Kuka vain")
    chat.type("huomenna kolmelta")
    chat.type("Essi Esimerkki")
    chat.type("essi@posti.example")
    chat.tap_only("Kyllä, varaa")

    def code() -> str | None:
        booked = desk.rows("appointments", {"contact_email": "essi@posti.example"})
        return str(booked[0]["code"]) if booked else None

    until(lambda: (known := code()) and known in chat.last(), 60, "the confirmation in the chat")
    confirmed = time.monotonic()
    until(lambda: "Essi Esimerkki" in page.part("appointments"), 10, "the staff page")
    assert time.monotonic() - confirmed < SEEN_WITHIN_SECONDS

    text = page.part("appointments")
    assert "Huomenna, ti 24.11." in text and "15.00–15.45" in text
    assert str(code()) in text and "essi@posti.example" in text
    until(lambda: _figure(page, "done") == 1, 5, "the figures of today")
    # A name by itself may be listed among what was not understood, too
    news = page.driver.find_element(By.ID, "news").get_attribute("textContent")
    assert (news or "").startswith("Uutta: Ajat")
    assert page.complaints() == []


def _figure(page: StaffPage, name: str) -> int:
    return int(page.driver.find_element(By.CSS_SELECTOR, f"[data-figure={name}] dd").text)


def test_what_was_not_understood_is_shown_as_typed(
    desk: Desk, staff: OpenStaff, customer: OpenChat
) -> None:
    page = staff(DESKTOP, language="en")
    typed = "<b>xyzzy</b> plugh blorbs"
    customer(PHONE, language="en").type(typed)
    until(lambda: typed in page.part("unknown"), 5, "the message, with its tags as text")


def test_html_of_customers_stays_text(desk: Desk, staff: OpenStaff) -> None:
    with desk.as_the_desk(), session() as db:
        note = tables.VisitNote(kind="note", text=WICKED, created_at=desk.now)
        db.add(
            tables.Appointment(
                code="HTML22",
                service_id="haircut",
                staff_id="aino",
                starts_at=desk.now + timedelta(hours=1),
                ends_at=desk.now + timedelta(hours=2),
                contact_name=WICKED,
                contact_phone='"><script>document.title="taken"</script>',
                language='"><b>',
                created_at=desk.now,
                changed_at=desk.now,
                notes=[note],
            )
        )
        fill(desk.now)
    page = staff(DESKTOP)
    assert page.part("appointments").count(WICKED) == 2
    page.driver.find_element(By.TAG_NAME, "summary").click()
    until(lambda: WICKED in page.part("tickets"), 5, "the conversation behind a ticket")
    for tag in ("main img", "main b b", "main script"):
        assert page.driver.find_elements(By.CSS_SELECTOR, tag) == []
    assert "taken" not in page.driver.title
    assert page.complaints() == []


def test_it_lives_while_the_rasa_server_is_down_and_says_when_it_is_not_itself(
    desk: Desk, staff: OpenStaff
) -> None:
    page = staff(PHONE)
    desk.group.stop_process("rasa")
    try:
        with desk.as_the_desk():
            fill(desk.now)
        until(lambda: "Anneli Aho" in page.part("tickets"), 5, "a ticket while Rasa is down")
        assert page.state() == "online"

        desk.group.stop_process("console")
        until(lambda: page.state() == "broken", 20, "the broken connection")
        assert "Yhteys katkesi klo" in page.alert()
        assert "Anneli Aho" in page.part("tickets"), "what was known stays"
        desk.group.start_process("console")
        until(lambda: page.state() == "online", 30, "the connection, back by itself")
        assert not page.driver.find_element(By.ID, "broken").is_displayed()
    finally:
        desk.group.start_process("rasa")
        desk.group.start_process("console")
        assert desk.group.wait_until_ready(180), desk.group.last_words()


# --- signing in


def test_a_wrong_password_and_then_the_right_one(
    desk: Desk, browser: Callable[..., object], staff_password: str
) -> None:
    page = StaffPage(browser(PHONE), desk.staff_address)  # type: ignore[arg-type]
    page.open()
    assert page.driver.current_url.endswith("/login?lang=fi")
    page.sign_in("arvaus")
    assert page.alert() == "Salasana ei täsmää. Tarkista se ja yritä uudelleen."
    page.sign_in(staff_password)
    page.wait_until_loaded()
    assert page.driver.find_element(By.TAG_NAME, "h1").text == "Tänään tiskillä"
    [cookie] = page.driver.get_cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert page.driver.execute_script("return document.cookie") == ""


def test_ten_wrong_passwords_lock_the_door(
    desk: Desk, browser: Callable[..., object], staff_password: str
) -> None:
    page = StaffPage(browser(DESKTOP), desk.staff_address)  # type: ignore[arg-type]
    page.open("en")
    for _ in range(9):
        page.sign_in("guess")
        assert "not the password" in page.alert()
    page.sign_in("guess")
    assert "Wait 15 min" in page.alert()
    page.sign_in(staff_password)
    assert "Wait" in page.alert() and page.has_form()
    page.sign_in(desk.new_staff_password())
    page.wait_until_loaded()


def test_an_ended_session_leads_back_to_the_form(desk: Desk, staff: OpenStaff) -> None:
    page = staff(DESKTOP)
    desk.new_staff_password()
    until(page.has_form, 10, "the form, by itself")
    assert "Kirjautuminen päättyi" in page.driver.find_element(By.TAG_NAME, "main").text
    page.open()
    assert page.has_form()


def test_signing_out_and_the_other_language(staff: OpenStaff) -> None:
    page = staff(PHONE)
    page.driver.find_element(By.LINK_TEXT, "English").click()
    until(lambda: "Today at the desk" in page.driver.title, 5, "the page in English")
    page.driver.find_element(By.XPATH, "//button[.='Sign out']").click()
    until(page.has_form, 10, "the form")
    assert "You are signed out." in page.driver.find_element(By.TAG_NAME, "main").text
    page.driver.back()
    page.driver.refresh()
    assert page.has_form()


# --- for everybody


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_can_be_read(desk: Desk, staff: OpenStaff, size: Size, dark: bool) -> None:
    with desk.as_the_desk():
        fill(desk.now)
    page = staff(size, dark=dark)
    until(lambda: "Anneli Aho" in page.part("tickets"), 5, "the day")
    weak = page.driver.execute_script(CONTRASTS)
    assert weak == [], "text that stands out by less than 4.5 to 1"
    width = page.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= size[0], "it scrolls sideways"
    if size == PHONE:
        selector = "button, .quiet, nav a, summary, .links a"
        small = page.driver.execute_script(SMALLER_THAN, selector, 40)
        assert small == [], "too small for a thumb"


def test_it_is_in_order_for_a_screen_reader_and_a_keyboard(desk: Desk, staff: OpenStaff) -> None:
    with desk.as_the_desk():
        fill(desk.now)
    page = staff(PHONE)
    until(lambda: "Anneli Aho" in page.part("tickets"), 5, "the day")
    find = page.driver.find_elements
    for landmark in ("header", "nav[aria-label]", "main", "h1"):
        assert len(find(By.CSS_SELECTOR, landmark)) == 1, landmark
    levels = [int(heading.tag_name[1]) for heading in find(By.CSS_SELECTOR, "h1, h2, h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    # What is hidden, as the troubles are while all is well, is nobody's to read
    shown = ":is(a, button, summary):not([hidden] *)"
    assert [one for one in find(By.CSS_SELECTOR, shown) if not one.accessible_name] == []
    for region in find(By.CSS_SELECTOR, "section:not([hidden])"):
        assert region.accessible_name, region.get_attribute("outerHTML")[:80]

    page.driver.execute_script("window.scrollTo(0, 0)")
    body = find(By.TAG_NAME, "body")[0]
    body.send_keys(Keys.TAB)
    first = page.driver.switch_to.active_element
    assert first.text == "Siirry sisältöön" and first.is_displayed()
    reached = set()
    for _ in range(40):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        focused = page.driver.switch_to.active_element
        reached.add(focused.tag_name)
        outline = focused.value_of_css_property("outline-style")
        assert focused.tag_name == "body" or outline != "none", "the focus cannot be seen"
        if focused.tag_name == "summary":
            focused.send_keys(Keys.ENTER)
            break
    assert {"a", "button", "summary"} <= reached
    until(lambda: "värjäys meni pieleen" in page.part("tickets"), 5, "the conversation")


def test_a_change_moves_neither_the_focus_nor_an_open_conversation(
    desk: Desk, staff: OpenStaff
) -> None:
    with desk.as_the_desk():
        fill(desk.now)
    page = staff(DESKTOP)
    summary = page.driver.find_element(By.TAG_NAME, "summary")
    summary.click()
    until(lambda: "värjäys meni pieleen" in page.part("tickets"), 5, "the conversation")
    with desk.as_the_desk(), session() as db:
        ticket = db.query(tables.Ticket).filter_by(code="TX4C9M").one()
        ticket.contact_name = "Anneli Ahola"
    until(lambda: "Anneli Ahola" in page.part("tickets"), 5, "the change")
    assert "värjäys meni pieleen" in page.part("tickets")
    assert page.driver.switch_to.active_element.tag_name == "summary"


# Every piece of text that can be seen, with the contrast to what is behind it, if below 4.5.
CONTRASTS = """
const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = numbers(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const weak = [];
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.checkVisibility() || element.closest(".unseen, .skip, .is-new, noscript")) continue;
  const pair = [light(numbers(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
  const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (ratio < 4.5) weak.push(`${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
}
return weak;
"""

SMALLER_THAN = """
const [selector, least] = arguments;
return [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
  .map((one) => `${one.textContent.trim()}: ${one.getBoundingClientRect().height}`);
"""
