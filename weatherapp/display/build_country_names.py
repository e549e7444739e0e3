"""Makes country_names.csv from Unicode's CLDR: `pip install babel==2.17.0`, then
`python -m weatherapp.display.build_country_names`. The package is large and is not among the site's own.

Another language of the site is another column: a line in LANGUAGES.
"""

from __future__ import annotations

import csv
import sys

from weatherapp.display.countries import CODE, NAMES
from weatherapp.domain.countries import COUNTRIES

LANGUAGES = ("en", "fr")


def main() -> None:
    from babel import Locale  # type: ignore[import-not-found]  # only whoever builds has it

    territories = [Locale.parse(language).territories for language in LANGUAGES]
    with NAMES.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([CODE, *LANGUAGES])
        rows.writerows(
            [code, *(names[code] for names in territories)] for code in sorted(COUNTRIES)
        )
    sys.stdout.write(f"{NAMES}: {NAMES.stat().st_size / 1e3:.0f} kB\n")


if __name__ == "__main__":
    main()
