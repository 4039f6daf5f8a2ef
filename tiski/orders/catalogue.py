"""Goods: found by what customers call them, sorted, and suggested with reasons.

Everything here works on a list of products that a shop has handed over (`Shop.goods`); nothing
looks into a database. What needs there are (dry, sensitive, …) is the business's own list
(`shop.needs` of business.yml): here they are ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tiski.nlu.names import NameFinder

MOST_SUGGESTIONS = 3
FEW_LEFT = 3
# "250 ml", "43 mm", "2000 W" at the end of a name: nobody asks for it by its size
_SIZE = re.compile(r"[\s,]+\d+(?:[.,]\d+)?\s?[a-z]{1,3}\.?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Product:
    """An article as customers see it. `name` and `description` are keyed by language."""

    id: str
    category: str  # an id of business.yml
    name: Mapping[str, str]
    price_cents: int
    stock: int
    suits: tuple[str, ...] = ()  # ids of needs of business.yml
    description: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_stock(self) -> bool:
        return self.stock > 0

    def named(self, language: str) -> str:
        """The name in a language, or in any when it has none in that."""
        return self.name.get(language) or next(iter(self.name.values()))

    def described(self, language: str) -> str:
        """What is said of it, "" when nothing is."""
        return self.description.get(language) or ""


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; None is "any". Prices are in cents, bounds included."""

    category: str | None = None
    need: str | None = None
    least: int | None = None
    most: int | None = None

    @property
    def has_budget(self) -> bool:
        return self.least is not None or self.most is not None

    def affords(self, product: Product) -> bool:
        """Whether the price lies within the budget."""
        return (self.least is None or product.price_cents >= self.least) and (
            self.most is None or product.price_cents <= self.most
        )

    def suited_by(self, product: Product) -> bool:
        return self.need is None or self.need in product.suits

    def covers(self, product: Product) -> bool:
        """Whether it is of the category."""
        return self.category is None or product.category == self.category


@dataclass(frozen=True)
class Suggestion:
    """A product and why: which parts of the wish it meets."""

    product: Product
    suits_need: bool  # a need was named, and it serves it
    within_budget: bool  # a budget was named, and it keeps to it


@dataclass(frozen=True)
class Suggestions:
    """What is suggested, the best first. `is_exact`: all of it meets the whole wish."""

    items: tuple[Suggestion, ...]
    is_exact: bool

    @property
    def ids(self) -> list[str]:
        return [item.product.id for item in self.items]


def suggest(
    goods: Iterable[Product],
    wish: Wish,
    *,
    without: Collection[str] = (),
    count: int = MOST_SUGGESTIONS,
) -> Suggestions:
    """Suggest what is in stock and meets the wish, or else what comes nearest to it.

    What meets the need matters more than what meets the budget. Of several, first those that are
    made for few needs only, then the cheaper ones; when the category is open, one of each first.

    Args:
        without: ids that were shown already.
    """
    candidates = [
        each for each in goods if wish.covers(each) and each.in_stock and each.id not in without
    ]
    exact = [each for each in candidates if wish.suited_by(each) and wish.affords(each)]
    found = exact or [each for each in candidates if wish.suited_by(each)] or candidates
    if exact:
        ranked = sorted(found, key=lambda each: (_breadth(each, wish), each.price_cents, each.id))
    else:
        ranked = sorted(
            found, key=lambda each: (_off_budget(each, wish), each.price_cents, each.id)
        )
    if wish.category is None:
        ranked = _one_of_each_first(ranked)
    return Suggestions(tuple(_with_reasons(each, wish) for each in ranked[:count]), bool(exact))


def cheaper(
    goods: Iterable[Product], wish: Wish, shown: Collection[str], *, count: int = MOST_SUGGESTIONS
) -> Suggestions:
    """Suggest what costs less than everything in `shown`, the cheapest first.

    The upper bound of the budget no longer matters; what serves the need comes first.
    """
    goods = list(goods)
    limit = min((each.price_cents for each in goods if each.id in shown), default=0)
    return _beyond([each for each in goods if each.price_cents < limit], wish, count)


def dearer(
    goods: Iterable[Product], wish: Wish, shown: Collection[str], *, count: int = MOST_SUGGESTIONS
) -> Suggestions:
    """Suggest what costs more than everything in `shown`, the nearest price first."""
    goods = list(goods)
    limit = max((each.price_cents for each in goods if each.id in shown), default=0)
    return _beyond([each for each in goods if each.price_cents > limit], wish, count)


def _beyond(goods: list[Product], wish: Wish, count: int) -> Suggestions:
    free = replace(wish, least=None, most=None)
    candidates = [each for each in goods if wish.covers(each) and each.in_stock]
    exact = [each for each in candidates if free.suited_by(each)]
    ranked = sorted(exact or candidates, key=lambda each: (each.price_cents, each.id))
    return Suggestions(tuple(_with_reasons(each, free) for each in ranked[:count]), bool(exact))


def alternatives(
    goods: Iterable[Product], product: Product, *, count: int = MOST_SUGGESTIONS
) -> list[Product]:
    """Return what can stand in for a product that is sold out: its category, the same needs.

    Those that share most needs come first, then those whose price is nearest. A product without
    needs is replaced by any of its category.
    """
    others = [
        each
        for each in goods
        if each.category == product.category and each.id != product.id and each.in_stock
    ]
    suited = [each for each in others if _shared(each, product)] if product.suits else others
    ranked = sorted(
        suited,
        key=lambda each: (
            -_shared(each, product), abs(each.price_cents - product.price_cents), each.id,
        ),
    )  # fmt: skip
    return ranked[:count]


def needs_of(goods: Iterable[Product], category: str | None) -> list[str]:
    """Return the needs that goods of a category in stock serve, those of most goods first."""
    counted = Counter(
        need
        for each in goods
        if each.in_stock and category in (None, each.category)
        for need in each.suits
    )
    return [need for need, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]


def matching(goods: Iterable[Product], wish: Wish) -> list[Product]:
    """Return all that meets a wish, sold out or not: in stock first, then by price."""
    found = [e for e in goods if wish.covers(e) and wish.suited_by(e) and wish.affords(e)]
    return sorted(found, key=lambda each: (not each.in_stock, each.price_cents, each.id))


def search(goods: Sequence[Product], text: str, *, at_least: int = 1) -> list[Product]:
    """Return the products that share most words of their names with a text, in the given order.

    Words may be inflected ("hajusteetonta"). Several words tell more than one: only the products
    that share the most are returned, and none when that is fewer than `at_least`; a brand counts
    twice.
    """
    brands = {each.id: _brand(each) for each in goods}
    own_words = {each.id: _words(each) for each in goods}
    every_word = {word for words in own_words.values() for word in words}
    said = {named.id for named in NameFinder({word: [word] for word in every_word}).find(text)}
    scores = {
        each.id: len(own_words[each.id] & said) + (brands[each.id].casefold() in said)
        for each in goods
    }
    best = max(scores.values(), default=0)
    return [each for each in goods if best >= max(1, at_least) and scores[each.id] == best]


def spoken_names(goods: Iterable[Product]) -> dict[str, list[str]]:
    """Return what customers call each product, by id: its name without size, brand and details.

    What several products would be called ("shampoo") is nobody's name.
    """
    names: dict[str, set[str]] = {}
    owners: Counter[str] = Counter()
    for product in goods:
        brand = _brand(product)
        of_product: set[str] = set()
        for name in product.name.values():
            for form in (name, without_size(name)):
                short = form.removeprefix(brand).strip(" ,") if brand else form
                of_product |= {form, short, short.partition(",")[0].strip()}
        names[product.id] = {form for form in of_product if _WORD.search(form)}
        owners.update({form.casefold() for form in names[product.id]})
    return {
        key: sorted(form for form in forms if owners[form.casefold()] == 1)
        for key, forms in names.items()
    }


def without_size(name: str) -> str:
    """Return a product's name without "250 ml" at its end."""
    return _SIZE.sub("", name)


def short_name(product: Product, language: str, longest: int) -> str:
    """Return the name for a button: without size, then without the brand, then cut at a word."""
    name = without_size(product.named(language))
    if len(name) > longest:
        name = name.removeprefix(_brand(product)).strip(" ,") or name
    if len(name) > longest:
        name = name.partition(",")[0]
    if len(name) > longest:
        name = name[: longest - 1].rpartition(" ")[0] or name[: longest - 1]
        name = name.rstrip(" ,") + "…"
    return name[:1].upper() + name[1:]


def _brand(product: Product) -> str:
    """The first word where it is the same in every language: a translation would differ."""
    firsts = {name.split()[0] for name in product.name.values() if len(name.split()) > 1}
    return firsts.pop() if len(firsts) == 1 and len(product.name) > 1 else ""


def _words(product: Product) -> set[str]:
    return {
        word.casefold()
        for name in product.name.values()
        for word in _WORD.findall(without_size(name))
    }


def _with_reasons(product: Product, wish: Wish) -> Suggestion:
    return Suggestion(
        product,
        suits_need=wish.need is not None and wish.suited_by(product),
        within_budget=wish.has_budget and wish.affords(product),
    )


def _breadth(product: Product, wish: Wish) -> int:
    """How many needs it serves: what is made for one serves that one best."""
    return len(product.suits) if wish.need else 0


def _off_budget(product: Product, wish: Wish) -> int:
    """How many cents the price lies outside the budget."""
    over = product.price_cents - wish.most if wish.most is not None else 0
    under = wish.least - product.price_cents if wish.least is not None else 0
    return max(0, over, under)


def _shared(one: Product, other: Product) -> int:
    return len(set(one.suits) & set(other.suits))


def _one_of_each_first(ranked: list[Product]) -> list[Product]:
    seen: Counter[str] = Counter()
    rounds = []
    for place, product in enumerate(ranked):
        rounds.append((seen[product.category], place, product))
        seen[product.category] += 1
    return [product for _, _, product in sorted(rounds, key=lambda entry: entry[:2])]
