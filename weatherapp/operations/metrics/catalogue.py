"""All metrics, in the order in which they are written. docs/metrics.md explains each.

Labels have few values, whatever the site holds: kinds of processes, states, severities, ticks, the
pages' names, and the sources that an operator has switched on. No place, no person, no address.
"""

from __future__ import annotations

from weatherapp.operations.metrics.families import Family, Kind

FAMILIES: list[Family] = []


def _add(name: str, text: str, *labels: str, kind: Kind = Kind.GAUGE) -> Family:
    family = Family(name, kind, text, labels)
    FAMILIES.append(family)
    return family


BUILD = _add("weatheralert_build_info", "What is running.", "commit", "python", "django")
READ_SECONDS = _add(
    "weatheralert_metrics_read_seconds", "How long it took to read what is not kept in memory."
)

# --- How the site is ------------------------------------------------------------------------------

HEALTH = _add("weatheralert_health_status", "As /health: 0 ok, 1 degraded, 2 failing.")
FINDING = _add(
    "weatheralert_health_finding", "What /health has found: 1 degraded, 2 failing.", "code"
)
DATABASE_UP = _add("weatheralert_database_up", "Whether the database answers.")
REDIS_UP = _add("weatheralert_redis_up", "Whether Redis answers.")
DATABASE_SIZE = _add("weatheralert_database_size_bytes", "The whole database.")
TABLE_SIZE = _add(
    "weatheralert_database_table_size_bytes",
    "A table with its indexes; on PostgreSQL alone.",
    "table",
)

# --- Processes ------------------------------------------------------------------------------------

RESIDENT = _add("process_resident_memory_bytes", "Of the web process that answers.")
CPU = _add("process_cpu_seconds_total", "Of the web process that answers.", kind=Kind.COUNTER)
STARTED = _add("process_start_time_seconds", "Of the web process that answers, since the epoch.")
OPEN_FILES = _add("process_open_fds", "Of the web process that answers.")
PROCESSES = _add(
    "weatheralert_processes", "Processes of a type that reported in three minutes.", "process"
)
PROCESS_MEMORY = _add(
    "weatheralert_process_memory_bytes",
    "Of the process of a type that is nearest to its limit, with its children: shared pages count once.",
    "process",
)
PROCESS_LIMIT = _add(
    "weatheralert_process_memory_limit_bytes", "What that process may hold.", "process"
)
PROCESS_UPTIME = _add(
    "weatheralert_process_uptime_seconds", "How long that process has been running.", "process"
)
REPORT_AGE = _add(
    "weatheralert_process_report_age_seconds", "Since the newest report of a type.", "process"
)
REJECTED = _add(
    "weatheralert_messages_rejected", "Messages that no process could work on, until cleared."
)

# --- The clock's ticks ----------------------------------------------------------------------------

TICK_SUCCESS = _add(
    "weatheralert_tick_last_success_timestamp_seconds", "When a tick last went well.", "tick"
)
TICK_INTERVAL = _add("weatheralert_tick_interval_seconds", "The pause between two ticks.", "tick")
TICK_FAILED = _add("weatheralert_tick_failed", "Whether the last run of a tick failed.", "tick")

# --- Weather --------------------------------------------------------------------------------------

PLACES = _add("weatheralert_places", "Active places, by the source of their weather.", "source")
PLACES_FRESH = _add(
    "weatheralert_places_fresh", "Those whose weather came in when it should have.", "source"
)
PLACES_FAILING = _add("weatheralert_places_failing", "Those whose last fetch failed.", "source")
PLACES_OVERDUE = _add(
    "weatheralert_places_overdue", "Those that should have been fetched an hour ago.", "source"
)
DUE_AGE = _add(
    "weatheralert_places_oldest_due_age_seconds",
    "How long the place that waits longest has been due; 0: none is.",
    "source",
)
NEWEST_FETCH = _add(
    "weatheralert_weather_newest_fetch_timestamp_seconds",
    "When a source last brought readings of any place.",
    "source",
)
OLDEST_FETCH = _add(
    "weatheralert_weather_oldest_fetch_timestamp_seconds",
    "When the place that has waited longest last got readings.",
    "source",
)

# --- Official warnings ----------------------------------------------------------------------------

OFFICIAL_SUCCESS = _add(
    "weatheralert_official_source_last_success_timestamp_seconds",
    "When a source of official warnings that is on was last read as a whole.",
    "source",
)
OFFICIAL_INTERVAL = _add(
    "weatheralert_official_source_interval_seconds", "The pause between two polls.", "source"
)
OFFICIAL_FAILURES = _add(
    "weatheralert_official_source_failures", "Polls that failed since then.", "source"
)
OFFICIAL_IN_FORCE = _add(
    "weatheralert_official_source_warnings_in_force", "Its warnings in force.", "source"
)
OFFICIAL_OPEN = _add(
    "weatheralert_official_warnings_open",
    "Official warnings in force or to come, each once however many sources tell of it.",
    "severity",
)

# --- Predictions ----------------------------------------------------------------------------------

QUEUE = _add(
    "weatheralert_prediction_queue_requests",
    "Requests without an answer, those under way included.",
    "priority",
)
QUEUE_AGE = _add(
    "weatheralert_prediction_queue_oldest_age_seconds",
    "How long the oldest of them has waited; 0: none waits.",
)
REQUESTS = _add(
    "weatheralert_prediction_requests_last_hour",
    "Requests made in the last hour, by what became of them.",
    "state",
)
LAST_ANSWER = _add(
    "weatheralert_prediction_last_answer_timestamp_seconds", "When the predictor last answered."
)
CYCLE = _add(
    "weatheralert_prediction_last_cycle_seconds", "From the newest answer's question to it."
)

# --- Alerts and mails -----------------------------------------------------------------------------

ALERTS = _add(
    "weatheralert_alerts_open", "The site's own alerts that are open.", "severity", "hazard"
)
UNCONFIRMED = _add("weatheralert_alerts_unconfirmed", "Those of them that no data confirms.")
MAILS_UNSENT = _add(
    "weatheralert_mails_unsent", "Mails about alerts and confirmations that are owed."
)
MAIL_AGE = _add(
    "weatheralert_mail_oldest_unsent_age_seconds",
    "How long the oldest of them has been owed; 0: none is.",
)
MAIL_RESTS = _add(
    "weatheralert_mail_server_resting", "Whether the mail server is left alone after failures."
)
DELIVERIES = _add(
    "weatheralert_deliveries_last_hour",
    "Mails about alerts that were due in the last hour, by state.",
    "state",
)
GIVEN_UP = _add("weatheralert_deliveries_failed_last_day", "Mails about alerts given up in a day.")

# --- Readers --------------------------------------------------------------------------------------

HTTP_REQUESTS = _add(
    "weatheralert_http_requests_total",
    "Requests that this web process has answered.",
    "view",
    "status",
    kind=Kind.COUNTER,
)
HTTP_SECONDS = _add(
    "weatheralert_http_request_duration_seconds",
    "How long they took, until the answer began to leave.",
    "view",
    kind=Kind.HISTOGRAM,
)
