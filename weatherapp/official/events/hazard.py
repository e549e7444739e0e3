"""What kind of danger an info is about, by its codes and, where it has none, by its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from weatherapp.domain.names import fold_name
from weatherapp.domain.official_hazards import OfficialHazard as Kind
from weatherapp.official.documents.message import Info

AWARENESS_TYPE = "awareness_type"  # MeteoAlarm's parameter: "1; Wind"
OF_AWARENESS = {
    1: Kind.WIND,
    2: Kind.SNOW,  # or ice: the words tell
    3: Kind.THUNDERSTORM,
    4: Kind.FOG,
    5: Kind.HEAT,
    6: Kind.COLD,
    7: Kind.COAST,
    8: Kind.FIRE,
    9: Kind.AVALANCHE,
    10: Kind.RAIN,
    12: Kind.FLOOD,
    13: Kind.FLOOD,
}
# Beginnings of words, as the languages of feeds spell them, after domain/names.fold_name. The first
# line that matches tells: "snow storm" is snow, "heavy rain with flooding" a flood.
WORDS = (
    (Kind.TORNADO, "tornado|waterspout|trombe|tromba|windhose"),
    (Kind.CYCLONE, "tropical|hurricane|typhoon|cyclone|ouragan|huracan|ciclone|taifun|tufao"),
    (Kind.AVALANCHE, "avalanche|lawine|valanga|valanghe|aludes|lavina|lavin|snoskred|skred"),
    (
        Kind.COAST,
        "coastal|surf|rip current|tsunami|storm surge|beach hazard|vagues|submersion|sturmflut|"
        "costero|costeiro|mareggiat|high seas|hazardous seas|high water|rissaga",
    ),
    (
        Kind.FIRE,
        "fire|red flag|brand|feu|foret|incendi|incendio|waldbrand|grassfire|bushfire|pozar",
    ),
    (
        Kind.THUNDERSTORM,
        "thunder|lightning|gewitter|orage|tormenta|temporal|trovoada|burz|grmljavin|nevihte|"
        "oraje|furtuni|onweer|torden|aska|ukkon|groza|grozy|bourk|zivatar|гроз",
    ),
    (
        Kind.ICE,
        "freezing|ice|icing|icy|glaze|glatteis|eis|verglas|hielo|ghiaccio|poledic|naledi|"
        "led|gelo|gladhet|glatte|gololed|гололед",
    ),
    (
        Kind.SNOW,
        "snow|blizzard|winter storm|winter weather|schnee|neige|nieve|nevad|neve|snieg|snijeg|"
        "sneh|snih|sneg|sneeuw|sno|lumi|снег",
    ),
    (
        Kind.FLOOD,
        "flood|hydrolog|hochwasser|crue|inonda|inunda|poplav|povod|overvloed|flom|паводок",
    ),
    (
        Kind.RAIN,
        "rain|shower|precipitation|regen|pluie|lluvia|chuva|pioggia|kisa|dest|dazd|deszcz|"
        "ploaie|eso|sade|ulewa|ливень|дожд",
    ),
    (Kind.FOG, "fog|nebel|brouillard|niebla|nevoeiro|nebbia|magla|mgla|tuman|mist"),
    (Kind.AIR, "air quality|air stagnation|smoke|dust|ash|sand|haze|ozone|polvo|poussiere|calima"),
    (Kind.DROUGHT, "drought|low water|secheresse|sequia|seca|durre"),
    (Kind.FROST, "frost|freeze|gel|gelee|helada|geada|przymroz|mroz|замороз"),
    (
        Kind.COLD,
        "cold|wind chill|low temperature|kalte|froid|frio|freddo|hladno|niska temperatur|mraz|мороз",
    ),
    (
        Kind.HEAT,
        "heat|hot|high temperature|hitze|canicule|chaleur|calor|caldo|visoka temperatur|upal|жар",
    ),
    (
        Kind.WIND,
        "wind|gale|gust|squall|storm|brisk|small craft|sturm|orkan|boen|vent|rafale|viento|vento|"
        "vjetar|veter|vitr|wiatr|szel|tuul|vejr|ветер|ветра|шквал|monsoon",
    ),
)
PATTERNS = [(kind, re.compile(rf"\b(?:{words})")) for kind, words in WORDS]


def find_hazard(infos: Sequence[Info]) -> Kind:
    """Of the first info that tells; English ones first, as their words are known best."""
    ordered = sorted(infos, key=lambda info: not info.language.lower().startswith("en"))
    found = (_find_one(info) for info in ordered)
    return next((kind for kind in found if kind is not Kind.GENERIC), Kind.GENERIC)


def _find_one(info: Info) -> Kind:
    by_words = _read_words(info.event) or _read_words(info.headline)
    by_type = _read_type(info)
    if by_type is Kind.SNOW and by_words is Kind.ICE:
        return Kind.ICE
    return by_type or by_words or Kind.GENERIC


def _read_type(info: Info) -> Kind | None:
    for name, value in info.parameters:
        if name.lower() == AWARENESS_TYPE and (number := re.match(r"\s*(\d+)", value)):
            return OF_AWARENESS.get(int(number[1]))
    return None


def _read_words(text: str) -> Kind | None:
    folded = fold_name(text)
    return next((kind for kind, pattern in PATTERNS if pattern.search(folded)), None)
