"""How French pages write times: 24 hours, with their zone in the admin; short, as columns are narrow."""

DATETIME_FORMAT = "d/m/Y H:i T"
SHORT_DATETIME_FORMAT = "d/m/Y H:i T"
TIME_FORMAT = "H:i"
