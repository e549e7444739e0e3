"""Roughly where countries are: enough to see that latitude and longitude were swapped.

From the cities of weatherapp/gazetteer (GeoNames, CC BY 4.0), to whole degrees: ISO 3166 code, then
the degrees of the southernmost, northernmost, westernmost and easternmost.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MARGIN = 4.0  # degrees: what of a country and its waters lies beyond its cities

TABLE = """
AD 42 43 1 2; AE 23 26 52 57; AF 30 38 61 72; AG 17 18 -62 -61; AI 18 19 -64 -63;
AL 39 43 19 21; AM 39 41 43 47; AO -18 -4 11 23; AR -55 -22 -73 -54; AS -15 -14 -171 -170;
AT 46 49 9 17; AU -43 -12 114 154; AW 12 13 -71 -69; AX 60 61 19 20; AZ 38 42 45 51;
BA 42 46 15 20; BB 13 14 -60 -59; BD 20 27 88 93; BE 49 52 2 7; BF 9 15 -5 2;
BG 41 45 22 28; BH 26 27 50 51; BI -5 -2 29 31; BJ 6 12 0 4; BL 17 18 -63 -62;
BM 32 33 -65 -64; BN 4 6 114 116; BO -23 -10 -69 -60; BQ 12 13 -69 -68; BR -34 5 -73 -34;
BS 25 27 -79 -77; BT 26 28 89 91; BW -26 -19 21 29; BY 52 56 23 32; BZ 17 19 -90 -87;
CA 42 63 -136 -52; CC -13 -12 96 97; CD -13 5 12 31; CF 3 9 14 26; CG -5 4 11 19;
CH 46 48 6 10; CI 4 11 -9 -2; CK -22 -21 -160 -159; CL -54 -18 -74 -68; CM 2 13 8 16;
CN 18 53 75 135; CO -5 13 -82 -67; CR 9 11 -86 -83; CU 19 24 -85 -74; CV 14 17 -25 -22;
CW 12 13 -69 -68; CX -11 -10 105 106; CY 34 36 32 35; CZ 48 51 12 19; DE 47 55 6 15;
DJ 11 12 42 44; DK 54 58 8 13; DM 15 16 -62 -61; DO 18 20 -72 -68; DZ 22 38 -9 9;
EC -5 2 -81 -76; EE 58 60 24 29; EG 22 32 25 37; EH 23 28 -16 -13; ER 13 16 36 43;
ES 27 44 -18 5; ET 4 15 34 47; FI 59 67 21 30; FJ -19 -16 177 180; FK -52 -51 -58 -57;
FM 6 7 158 159; FO 62 63 -7 -6; FR 41 52 -5 10; GA -3 3 8 14; GB 50 59 -8 2;
GD 12 13 -62 -61; GE 41 44 40 46; GF 4 6 -55 -52; GG 49 50 -3 -2; GH 4 12 -3 2;
GI 36 37 -6 -5; GL 64 65 -52 -51; GM 13 14 -17 -14; GN 7 13 -15 -8; GP 15 17 -62 -61;
GQ 1 4 8 12; GR 35 42 19 29; GS -55 -54 -37 -36; GT 13 17 -93 -88; GU 13 14 144 145;
GW 11 13 -16 -14; GY 6 7 -59 -57; HK 22 23 113 115; HN 13 16 -89 -85; HR 42 47 13 20;
HT 18 20 -75 -71; HU 45 49 16 23; ID -11 6 95 141; IE 51 55 -10 -6; IL 29 34 34 36;
IM 54 55 -5 -4; IN 8 35 68 97; IQ 29 38 40 49; IR 25 40 44 63; IS 63 66 -23 -18;
IT 36 47 7 19; JE 49 50 -3 -2; JM 17 19 -79 -76; JO 29 34 35 39; JP 24 46 124 146;
KE -5 4 34 42; KG 39 43 69 79; KH 10 15 102 107; KI 1 2 172 173; KM -13 -11 43 45;
KN 17 18 -63 -62; KP 37 43 124 131; KR 33 39 126 130; KW 29 30 47 49; KY 19 20 -82 -81;
KZ 40 55 48 85; LA 15 22 100 107; LB 33 35 35 37; LC 13 15 -62 -60; LI 47 48 9 10;
LK 5 10 79 82; LR 4 9 -11 -7; LS -31 -28 27 29; LT 54 57 21 27; LU 49 50 5 7;
LV 55 58 21 28; LY 24 33 10 24; MA 26 36 -12 -1; MC 43 44 7 8; MD 45 49 27 30;
ME 42 44 18 20; MF 18 19 -64 -63; MG -26 -12 43 51; MH 7 8 171 172; MK 41 43 20 23;
ML 10 19 -12 4; MM 9 27 92 101; MN 43 51 89 115; MO 22 23 113 114; MP 15 16 145 146;
MQ 14 15 -62 -60; MR 15 23 -18 -5; MS 16 17 -63 -62; MT 35 36 14 15; MU -21 -20 57 58;
MV 4 5 73 74; MW -17 -9 32 36; MX 14 33 -118 -86; MY 1 7 99 119; MZ -27 -11 31 41;
NA -27 -17 14 25; NC -23 -22 166 167; NE 11 19 0 14; NF -30 -29 167 168; NG 4 14 2 15;
NI 11 15 -88 -83; NL 50 54 3 8; NO 58 70 5 24; NP 26 30 80 89; NR -1 0 166 167;
NU -20 -19 -170 -169; NZ -47 -35 168 179; OM 17 27 54 60; PA 8 10 -83 -79;
PE -19 -3 -82 -69; PF -18 -17 -150 -149; PG -10 -3 143 156; PH 4 19 117 127;
PK 24 37 61 76; PL 49 55 14 24; PM 46 47 -57 -56; PN -26 -25 -131 -130; PR 17 19 -68 -65;
PS 31 33 34 36; PT 32 43 -26 -6; PW 7 8 134 135; PY -28 -22 -61 -54; QA 25 26 51 52;
RE -22 -20 55 56; RO 43 48 21 29; RS 42 47 18 23; RU 41 70 19 178; RW -3 -1 28 31;
SA 16 32 34 51; SB -10 -9 159 161; SC -5 -4 55 56; SD 9 20 22 38; SE 55 68 11 23;
SG 1 2 103 104; SH -16 -15 -6 -5; SI 45 47 13 16; SJ 78 79 15 16; SK 47 50 16 23;
SL 7 10 -14 -10; SM 43 44 12 13; SN 12 17 -18 -12; SO -2 12 41 52; SR 5 6 -56 -55;
SS 3 10 24 33; ST 0 1 6 7; SV 13 15 -90 -87; SX 18 19 -64 -63; SY 32 38 35 43;
SZ -27 -26 31 32; TC 21 22 -73 -71; TD 8 18 14 23; TF -50 -49 70 71; TG 6 12 0 2;
TH 5 21 98 106; TJ 36 41 67 72; TL -10 -8 125 127; TM 36 43 52 67; TN 32 38 7 12;
TO -22 -21 -176 -175; TR 36 43 26 45; TT 10 12 -62 -60; TV -9 -8 179 180; TW 22 26 118 122;
TZ -12 -1 29 41; UA 44 53 22 40; UG -2 4 29 35; US 19 65 -159 -68; UY -35 -30 -59 -54;
UZ 37 44 58 73; VA 41 42 12 13; VC 13 14 -62 -61; VE 4 12 -73 -61; VG 18 19 -65 -64;
VI 17 19 -65 -64; VN 8 23 103 110; VU -18 -17 168 169; WF -14 -13 -177 -176;
WS -14 -13 -172 -171; XK 42 44 20 22; YE 12 17 42 50; YT -13 -12 45 46; ZA -35 -22 17 33;
ZM -18 -8 22 34; ZW -23 -16 25 33
"""

BY_COUNTRY = {
    row[:2]: tuple(float(text) for text in row[2:].split())
    for row in re.split(r";\s*", TABLE.strip())
}
# Names of the internet that are not the country's code.
BY_DOMAIN = {"UK": "GB"}
LONGEST_SENDER = 200  # characters: searching takes the square of it
DOMAIN = re.compile(r"[\w.-]+\.([a-z]{2})(?=[/:?#]|$)", re.IGNORECASE)


class Box(NamedTuple):
    """Degrees. It never crosses 180 degrees: where a country does, it reaches around the world."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether the point is in it or near it."""
        return (
            self.south - MARGIN <= latitude <= self.north + MARGIN
            and self.west - MARGIN <= longitude <= self.east + MARGIN
        )


def box_of(country: str) -> Box | None:
    """None for a code that is not known."""
    found = BY_COUNTRY.get(country.upper())
    return None if found is None else Box(*found)


def country_of(sender: str) -> str:
    """By the domain of a sender's address, "" where it is of no country."""
    found = DOMAIN.search(sender[:LONGEST_SENDER])
    code = found[1].upper() if found else ""
    code = BY_DOMAIN.get(code, code)
    return code if code in BY_COUNTRY else ""
